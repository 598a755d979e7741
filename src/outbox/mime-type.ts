import mime from 'mime';

/** The type that a file's name promises; sources are text, whatever else their ending may stand for. */
export function mimeTypeOf(name: string): string {
  if (SOURCE.test(name)) return 'text/plain';
  return mime.getType(name) ?? 'application/octet-stream';
}

/** Among them endings that the registry knows as something else: `.ts` is also a video, `.rs` a kind of XML. */
const SOURCE = /\.([cm]?tsx?|rs|py|go|java|kt|rb|c|h|cpp|hpp|cs|swift|sql|diff|patch|lua|zig)$/i;
