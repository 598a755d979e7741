// Programs that only some checks need, installed beside the locked dependencies (node_modules/.cache) by the check itself.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './set-up.mjs';

/** Installs packages with exact versions into a folder of their own; returns the folder of their commands. */
export function installBeside(name, packages) {
  const folder = join(root, 'node_modules/.cache/molecule-inbox', name);
  mkdirSync(folder, { recursive: true });
  const options = ['--no-audit', '--no-fund', '--no-save', '--prefer-offline'];
  run(`installing ${packages.join(', ')}`, 'npm', ['install', '--prefix', folder, ...options, ...packages]);
  return join(folder, 'node_modules/.bin');
}

/** Installs a Node, a major (20 is the oldest that we support) or an exact version; returns the folder of its executable. */
export function nodeBeside(asked) {
  const version = VERSIONS[asked] ?? asked;
  const system = { win32: 'win', darwin: process.arch === 'arm64' ? 'bin-darwin' : 'darwin' };
  const name = `node-${system[process.platform] ?? process.platform}-${process.arch}`;
  const commands = installBeside(`node-${version}`, [`${name}@${version}`]);
  const folder = join(commands, '..', name, 'bin');
  if (!existsSync(folder)) throw new Error(`${name}@${version} brings no bin/`);
  return folder;
}

const VERSIONS = { 20: '20.19.0', 22: '22.23.3', 24: '24.21.0' };
