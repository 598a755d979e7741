// `npm run test:head`: every test of a whole bridge against the server of August; `npm test` runs them all against that of
// May and a part of them against both. Arguments after `--` go to the test runner.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root, run } from './set-up.mjs';

ensureInstalled();
run('building dist/ (esbuild)', process.execPath, ['scripts/build.mjs']);
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'head', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_PROFILE: 'head' } },
);
process.exitCode = tests.status ?? 1;
