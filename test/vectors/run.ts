import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visibleLine } from '../../src/domain/rendering/visible.ts';
import { judgeFile } from './judge.ts';

/**
 * Runs every `*.json` of a folder, writes each mismatch and each purposeful difference, and last
 * `N passed, N failed, N skipped`. Tells whether nothing failed and something ran.
 */
export function runVectors(folder: string, write: (line: string) => void): boolean {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const fileName of vectorFiles(folder)) {
    for (const verdict of judgeFile(fileName, readFileSync(join(folder, fileName), 'utf8'))) {
      count[verdict.outcome] += 1;
      if (verdict.outcome === 'passed') continue;
      const mark = verdict.outcome === 'failed' ? '✗' : '↷';
      write(`${mark} ${fileName} › ${visibleLine(verdict.name)}\n      ${verdict.reason}`);
    }
  }
  write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed === 0 && count.passed > 0;
}

/** The names of a folder's vector files, in order. */
export function vectorFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
}
