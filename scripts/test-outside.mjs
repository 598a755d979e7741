// `npm run test:hosts | test:inspector | test:conformance`: official programs, installed from npm, against ours.
// Nothing of it asks anybody but the package registry: platform and model are on this machine.
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { installBeside, nodeBeside } from './beside.mjs';
import { ensureInstalled, root } from './set-up.mjs';

/** Each with its packages, its tests, and the Node that those packages want if it is a later one than ours. */
const judges = {
  hosts: {
    packages: ['@anthropic-ai/claude-code@2.1.197', '@openai/codex@0.169.0', '@google/gemini-cli@0.61.0'],
    tests: 'test/hosts/',
  },
  inspector: {
    packages: ['@modelcontextprotocol/inspector@2.12.0'],
    tests: 'test/conformance/inspector',
    node: '24',
  },
  conformance: {
    packages: ['@modelcontextprotocol/conformance@0.1.16', 'supergateway@4.0.0'],
    tests: 'test/conformance/suite',
    node: '24',
  },
};

const [name, ...given] = process.argv.slice(2);
const judge = judges[name];
if (!judge) throw new Error(`say which: ${Object.keys(judges).join(', ')}`);
ensureInstalled();
const commands = installBeside(name, judge.packages);
const path = judge.node ? [nodeBeside(judge.node), commands] : [commands];
console.error(`▸ letting ${judge.packages.join(', ')} judge the program (vitest)`);
const config = ['--config', 'vitest.outside.config.ts'];
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...config, ...(given.length > 0 ? given : [judge.tests])],
  { cwd: root, stdio: 'inherit', env: { ...process.env, OUTSIDE_PATH: path.join(delimiter) } },
);
process.exit(tests.status ?? 1);
