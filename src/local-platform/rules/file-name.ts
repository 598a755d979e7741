const maxNameBytes = 100;
const maxExtensionBytes = 16;

/**
 * The name under which the server keeps an uploaded file: base name only, every character outside
 * `[A-Za-z0-9._-]` one underscore, at most 100 bytes with a short extension kept (§7.2).
 */
export function storedFileName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const safe = Array.from(base, (character) => (/^[A-Za-z0-9._-]$/.test(character) ? character : '_')).join(
    '',
  );
  if (safe === '' || safe === '.' || safe === '..') return 'file';
  if (safe.length <= maxNameBytes) return safe;
  const dot = safe.lastIndexOf('.');
  const extension = dot >= 0 && safe.length - dot <= maxExtensionBytes ? safe.slice(dot) : '';
  return safe.slice(0, maxNameBytes - extension.length) + extension;
}

/** The MIME type that the server keeps: parameters dropped, anything that is not `a/b` in ASCII replaced (§7.2). */
export function storedMimeType(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim();
  if (bare === '') return '';
  return /^[!-.0-~]+\/[!-.0-~]+$/.test(bare) ? bare : 'application/octet-stream';
}
