/**
 * The newest of rows given oldest first whose JSON fits into `maxBytes`, at least one, still oldest first; `json` holds
 * the same, one line each.
 */
export function newestThatFit<Row>(rows: readonly Row[], maxBytes: number): { rows: Row[]; json: string[] } {
  const kept: { row: Row; line: string }[] = [];
  let bytes = 0;
  for (const row of rows.toReversed()) {
    const line = JSON.stringify(row);
    bytes += Buffer.byteLength(line);
    if (bytes > maxBytes && kept.length > 0) break;
    kept.push({ row, line });
  }
  kept.reverse();
  return { rows: kept.map(({ row }) => row), json: kept.map(({ line }) => line) };
}
