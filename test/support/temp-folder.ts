import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A fresh private folder that is gone when the test is over. Call it inside a test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'molecule-inbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
