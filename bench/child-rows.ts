import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Row } from './row.ts';

/** The rows that another bench measures in processes of its own. */
export function rowsOf(script: 'transfers' | 'day'): readonly Row[] {
  const output = execFileSync(process.execPath, [join(import.meta.dirname, `${script}.mjs`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.toString()) as readonly Row[];
}
