// Bundles the command line and the library into dist/.
// Splitting keeps what `initialize` does not need (got, lowdb, the local platform) out of the start; RxJS is taken from
// its ES modules, because its CommonJS build cannot be tree-shaken.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lightSdk } from './light-sdk.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
  // Bundled CommonJS packages ask for Node's own modules through `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [lightSdk(root)],
  logLevel: 'warning',
});
chmodSync(join(root, 'dist/cli.js'), 0o755);

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
