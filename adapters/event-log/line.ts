import { crc32 } from 'node:zlib';

/**
 * How everything is written, in the log and in the snapshot: one JSON object per line, ASCII only (so that a byte is a
 * character and no text from the wire can break a line), its last member a checksum over all that stands before it.
 */
export function sealLine(object: object): string {
  const opened = openEnded(object);
  return opened + lineEnd(crc32(opened));
}

/** The object of a line without its checksum, or null when the line is not as it was written. */
export function openLine(line: string): unknown {
  const body = line.slice(0, -CLOSING_CHARS);
  if (line.slice(body.length) !== closing(crc32(body))) return null;
  return JSON.parse(`${body}}`);
}

/** A JSON object in ASCII that still lacks its closing brace, for {@link lineEnd} to finish. */
export function openEnded(object: object): string {
  return toAscii(JSON.stringify(object)).slice(0, -1);
}

/** What ends a line whose text so far has this checksum: the checksum, the brace, the line break. */
export function lineEnd(checksum: number): string {
  return `${closing(checksum)}\n`;
}

/** JSON text with every character beyond ASCII escaped. */
export function toAscii(json: string): string {
  return json.replace(BEYOND_ASCII, escapeAll);
}

function escapeAll(run: string): string {
  let escaped = '';
  for (let at = 0; at < run.length; at += 1) escaped += escapeOf(run.charCodeAt(at));
  return escaped;
}

function escapeOf(unit: number): string {
  ESCAPES[unit] ??= `\\u${unit.toString(16).padStart(4, '0')}`;
  return ESCAPES[unit];
}

function closing(checksum: number): string {
  return `,"crc":"${checksum.toString(16).padStart(8, '0')}"}`;
}

const CLOSING_CHARS = closing(0).length;
// Without the u flag it matches UTF-16 code units, which is how JSON escapes.
const BEYOND_ASCII = /[^\0-~]+/g;
/** Made once per character: a text of a megabyte in Chinese would otherwise take ten times as long. */
const ESCAPES: string[] = [];
