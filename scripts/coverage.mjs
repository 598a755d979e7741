// `npm run test:coverage [-- FOLDER…]`: what the narrow tests of streams/ and of staged files reach of them, line by line;
// other tests after `--` instead. Fails below what was reached before.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root } from './set-up.mjs';

const tests = process.argv.slice(2);
ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(tests.length > 0 ? tests : ['test/streams', 'test/adapters/staged-files']),
    '--coverage.enabled',
    '--coverage.provider=v8',
    '--coverage.include=streams/**',
    '--coverage.include=adapters/staged-files/**',
    '--coverage.reporter=text',
    '--coverage.thresholds.100',
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
