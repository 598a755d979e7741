/**
 * Rows as lines whose columns stand below each other; the last column is as long as it likes. A cell longer than `widest`
 * widens no column: it pushes the rest of its own line.
 */
export function table(rows: readonly (readonly string[])[], widest = Number.POSITIVE_INFINITY): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { length }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, length > widest ? 0 : length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
