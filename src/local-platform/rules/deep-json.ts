/** JSON of any depth, as `JSON.stringify` would write it: that one gives up some thousand levels down, the server does not. */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return writeDeep(value);
  }
}

function writeDeep(value: unknown): string {
  const written: string[] = [];
  // What is still to be written, last first; text stands for itself.
  const open: Piece[] = [{ value }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') written.push(next);
    else if (Array.isArray(next.value)) open.push(...listed('[', next.value.map(item), ']').reverse());
    else if (typeof next.value === 'object' && next.value !== null)
      open.push(...listed('{', Object.entries(next.value).flatMap(field), '}').reverse());
    else written.push(JSON.stringify(next.value));
  }
  return written.join('');
}

type Piece = string | { readonly value: unknown };

const item = (value: unknown): readonly Piece[] => [{ value: value === undefined ? null : value }];

const field = ([key, value]: [string, unknown]): readonly (readonly Piece[])[] =>
  value === undefined ? [] : [[`${JSON.stringify(key)}:`, { value }]];

function listed(begin: string, pieces: readonly (readonly Piece[])[], end: string): Piece[] {
  return [begin, ...pieces.flatMap((piece, index) => (index === 0 ? piece : [',', ...piece])), end];
}
