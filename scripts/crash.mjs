// `npm run test:crash`: 200 kills -9 (or as many as the first argument says), with a seed to repeat them (the second).
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root, run } from './set-up.mjs';

const [kills = '200', seed = String(Math.floor(Math.random() * 1e9))] = process.argv.slice(2);
ensureInstalled();
run('building dist/ (esbuild)', process.execPath, ['scripts/build.mjs']);
console.error(`▸ ${kills} kills, seed ${seed}`);
const tests = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/crash'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CRASH_KILLS: kills, CRASH_SEED: seed },
});
process.exit(tests.status ?? 1);
