// `npm run test:node -- 22`: the end-to-end tests with another Node, for the test runner and the program alike.
// Takes 20, 22, 24 or an exact version; what follows goes to the test runner instead of `test/e2e`.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { nodeBeside } from './beside.mjs';
import { ensureBuilt, ensureInstalled, root } from './set-up.mjs';

const [version = '24', ...given] = process.argv.slice(2);
ensureInstalled();
ensureBuilt();
const folder = nodeBeside(version);
const node = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
const said = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
console.error(`▸ running the end-to-end tests with Node ${said} (vitest)`);
const what = given.length > 0 ? given : ['test/e2e'];
const tests = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...what], {
  cwd: root,
  stdio: 'inherit',
  env,
});
process.exit(tests.status ?? 1);
