import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A fresh private folder that is gone when the test is over. Call it inside a test; `label` shows in its name. */
export function createTempFolder(label = 'test'): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `molecule-inbox-${label}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
}
