import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The floor of a durable inbox: rows appended to a file as lines, page by page, each page synced, and all read back. Milliseconds. */
export function appendPlainly(rows: readonly object[], pageSize = 500): number {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-append-'));
  const path = join(folder, 'log');
  const beganMs = performance.now();
  const file = openSync(path, 'a');
  for (let first = 0; first < rows.length; first += pageSize) {
    const page = rows.slice(first, first + pageSize);
    writeSync(file, page.map((row) => `${JSON.stringify(row)}\n`).join(''));
    fdatasyncSync(file);
  }
  closeSync(file);
  const read = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const tookMs = performance.now() - beganMs;
  rmSync(folder, { recursive: true });
  if (read.length !== rows.length) throw new Error('a line was lost');
  return tookMs;
}
