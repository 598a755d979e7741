// `npm test`: set up, then type-check, lint, build and run every test; arguments after `--` go to the test runner.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root, run } from './set-up.mjs';

try {
  ensureInstalled();
  run('type-checking (tsc)', process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit']);
  run('linting and checking format (biome)', process.execPath, [
    'node_modules/@biomejs/biome/bin/biome',
    'check',
  ]);
  run('building dist/ (esbuild)', process.execPath, ['scripts/build.mjs']);
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
console.error('▸ running every test (vitest)');
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(tests.status ?? 1);
