const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const undashed = /^[0-9a-f]{32}$/i;

/**
 * Reads a UUID in any spelling that the server's library takes (braces, `urn:uuid:`, undashed, upper case)
 * and gives the lower-case dashed one; undefined when it is none (§4.4).
 */
export function parseUuid(text: string): string | undefined {
  const bare = text.replace(/^urn:uuid:/i, '').replace(/^\{(.*)\}$/, '$1');
  if (canonical.test(bare)) return bare.toLowerCase();
  if (!undashed.test(bare)) return undefined;
  const hex = bare.toLowerCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
