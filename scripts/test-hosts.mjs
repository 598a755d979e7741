// `npm run test:hosts`: installs real hosts beside the checkout's packages and lets them start the program.
// Nothing of it asks anybody but the package registry: the hosts' model is scripted, on this machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run } from './set-up.mjs';

const HOSTS = ['@anthropic-ai/claude-code@2.1.197', '@openai/codex@0.169.0', '@google/gemini-cli@0.61.0'];
const folder = join(root, 'node_modules/.cache/molecule-inbox-hosts');

ensureInstalled();
mkdirSync(folder, { recursive: true });
run(`installing ${HOSTS.join(', ')}`, 'npm', [
  'install',
  '--prefix',
  folder,
  '--no-audit',
  '--no-fund',
  '--no-save',
  ...HOSTS,
]);
console.error('▸ letting the hosts start the program (vitest)');
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.hosts.config.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, HOSTS_BIN: join(folder, 'node_modules/.bin') } },
);
process.exit(tests.status ?? 1);
