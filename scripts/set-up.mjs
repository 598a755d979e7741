// What `npm start` and `npm test` need before they can run: the locked dependencies and, for the start, a fresh build.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program of this checkout with its output on the terminal; throws when it exits with anything but 0. */
export function run(label, command, args) {
  console.error(`▸ ${label}`);
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

/** Installs the locked dependencies unless the last install is at least as new as the lock file. */
export function ensureInstalled() {
  const marker = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  run('installing the locked dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund']);
}

/** Builds dist/ when a source is newer than it. */
export function ensureBuilt() {
  const built = join(root, 'dist/cli.js');
  const sources = [
    'src',
    'machines',
    'streams',
    'adapters',
    'visualizations',
    'package-lock.json',
    'scripts/build.mjs',
  ];
  if (existsSync(built) && newestIn(sources) <= statSync(built).mtimeMs) return;
  run('building dist/ (esbuild)', process.execPath, ['scripts/build.mjs']);
}

function newestIn(paths) {
  return Math.max(
    ...paths.map((path) => {
      const full = join(root, path);
      if (!existsSync(full)) return 0;
      const stat = statSync(full);
      if (!stat.isDirectory()) return stat.mtimeMs;
      return Math.max(stat.mtimeMs, newestIn(readdirSync(full).map((name) => join(path, name))));
    }),
  );
}
