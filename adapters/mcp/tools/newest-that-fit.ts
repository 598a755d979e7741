/** A row of a conversation as the platform keeps it. */
type Row = Readonly<Record<string, unknown>>;

/**
 * The newest of rows given oldest first whose JSON fits into `maxBytes`, at least one, still oldest first; `json` holds
 * the same, one line each. A row that cannot be written (nested too deep) is replaced by its id and time.
 */
export function newestThatFit(rows: readonly Row[], maxBytes: number): { rows: Row[]; json: string[] } {
  const kept: { row: Row; line: string }[] = [];
  let bytes = 0;
  for (const row of rows.toReversed()) {
    const writable = toWritable(row);
    bytes += Buffer.byteLength(writable.line);
    if (bytes > maxBytes && kept.length > 0) break;
    kept.push(writable);
  }
  kept.reverse();
  return { rows: kept.map(({ row }) => row), json: kept.map(({ line }) => line) };
}

function toWritable(row: Row): { row: Row; line: string } {
  try {
    return { row, line: JSON.stringify(row) };
  } catch {
    const stub = {
      id: row.id ?? null,
      created_at: row.created_at ?? null,
      unreadable: 'nested too deep to be shown',
    };
    return { row: stub, line: JSON.stringify(stub) };
  }
}
