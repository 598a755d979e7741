// `npm run build`: bundles the command line and the library into dist/, with the library's types. In a fresh checkout it
// installs first what it is made of.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureInstalled, root } from './set-up.mjs';

try {
  ensureInstalled();
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
const { buildPages } = await import('./build-pages.mjs');
const { bundle } = await import('./bundle.mjs');

rmSync(join(root, 'dist'), { recursive: true, force: true });
await bundle('dist');
await buildPages(join(root, 'dist/pages'));

// The library's types: tsc writes those of the whole program, and only what the public ones mention is kept.
const scratch = mkdtempSync(join(tmpdir(), 'molecule-inbox-types-'));
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json', '--outDir', scratch],
  { cwd: root, stdio: ['ignore', 2, 2] },
);
const kept = new Set();
keepTypes('src/index.d.ts');
rmSync(scratch, { recursive: true });

function keepTypes(path) {
  if (kept.has(path)) return;
  kept.add(path);
  const text = readFileSync(join(scratch, path), 'utf8');
  mkdirSync(join(root, 'dist/types', dirname(path)), { recursive: true });
  writeFileSync(join(root, 'dist/types', path), text);
  for (const [, target] of text.matchAll(/from '(\.[^']+)\.[tj]s'/g))
    keepTypes(`${join(dirname(path), target)}.d.ts`);
}
