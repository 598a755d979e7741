/**
 * A file name that is safe to put into a directory: the platform's own rule (§7.2), so that both sides agree on it.
 * The result is 1 to 100 characters of `A–Z a–z 0–9 . _ -`, never `.` or `..`, and never empty.
 */
export function sanitiseFileName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(UNSAFE, '_');
  const short = base.length > MAX_CHARS ? shorten(base) : base;
  return short === '' || short === '.' || short === '..' ? FALLBACK : short;
}

/** Cuts the stem and keeps the extension, unless the extension itself is too long to be one. */
function shorten(base: string): string {
  const dot = base.lastIndexOf('.');
  const extension = dot >= 0 && base.length - dot <= MAX_EXTENSION_CHARS ? base.slice(dot) : '';
  return base.slice(0, MAX_CHARS - extension.length) + extension;
}

const MAX_CHARS = 100;
/** With its dot. */
const MAX_EXTENSION_CHARS = 16;
const FALLBACK = 'file';
/** One underscore per code point: without `u` an emoji would give two. */
const UNSAFE = /[^A-Za-z0-9._-]/gu;
