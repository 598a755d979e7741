// Bundles the command line and the library.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { lightGot } from './light-got.mjs';
import { lightSdk } from './light-sdk.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/**
 * Writes `cli.cjs` with its `program/` and `index.js` with its `chunks/` into a folder. Splitting keeps what `initialize`
 * does not need (got, lowdb, the local platform) out of the start. Resolves with esbuild's metafile of the program.
 */
export async function bundle(outdir) {
  const program = await bundleModules({
    entryPoints: { cli: 'src/cli.ts' },
    outdir: join(outdir, 'program'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
  });
  for (const path of Object.keys(program.outputs)) await turnIntoCommonJs(join(root, path));

  const [first] = Object.entries(program.outputs).find(([, { entryPoint }]) => entryPoint === 'src/cli.ts');
  const launcher = join(resolve(root, outdir), 'cli.cjs');
  await build({
    ...common,
    entryPoints: ['src/launch/launch.ts'],
    outfile: launcher,
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname', PROGRAM: JSON.stringify(basename(first)) },
  });
  chmodSync(launcher, 0o755);
  // For hosts that were told of this name; Node's loader for modules costs them 10 ms.
  writeFileSync(join(dirname(launcher), 'cli.js'), "#!/usr/bin/env node\nimport './cli.cjs';\n", {
    mode: 0o755,
  });

  await bundleModules({
    entryPoints: { index: 'src/index.ts' },
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    // Bundled CommonJS packages ask for Node's own modules through `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return program;
}

async function bundleModules(options) {
  const { metafile } = await build({
    ...common,
    ...options,
    splitting: true,
    // Its CommonJS build, which Node would take, cannot be tree-shaken.
    alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
    plugins: [lightSdk(root), lightGot],
  });
  return metafile;
}

/** Node 20 keeps compiled code for scripts only, not for modules; esbuild splits modules only. */
async function turnIntoCommonJs(path) {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  writeFileSync(path, code);
}
