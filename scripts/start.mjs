// `npm start`: set up, then run the demo; arguments after `--` reach it (`npm start -- --once`).
import { spawn } from 'node:child_process';
import { ensureBuilt, ensureInstalled, root } from './set-up.mjs';

try {
  ensureInstalled();
  ensureBuilt();
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
const demo = spawn(process.execPath, ['dist/cli.js', 'demo', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the demo from the terminal; the demo ends itself and this process follows it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => demo.kill('SIGTERM'));
demo.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
