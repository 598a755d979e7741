/** About how many bytes a value of JSON keeps in memory: those of its strings, and some for each of its parts. */
export function weightOf(value: unknown): number {
  let bytes = 0;
  const open = [value];
  while (open.length > 0) {
    const inner = open.pop();
    bytes += PART_BYTES;
    if (typeof inner === 'string') bytes += 2 * inner.length;
    if (typeof inner === 'object' && inner !== null) for (const part of Object.values(inner)) open.push(part);
  }
  return bytes;
}

const PART_BYTES = 32;
