import { execFileSync } from 'node:child_process';
import type { Row } from './row.ts';

/** Files on their way in: four beside each other against one, their memory, and their speed against curl's. */
export async function measureUploads(): Promise<readonly Row[]> {
  const output = execFileSync(process.execPath, ['scripts/bench-transfers.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.toString()) as readonly Row[];
}
