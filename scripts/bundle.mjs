// Bundles the command line and the library.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { lightGot } from './light-got.mjs';
import { lightSdk } from './light-sdk.mjs';
import { packModules } from './pack-modules.mjs';

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
 * Writes `cli.cjs` with its `program/` and `index.js` with its `chunks/` into a folder. Resolves with esbuild's metafile of the
 * program.
 */
export async function bundle(outdir) {
  const folder = resolve(root, outdir);
  const { metafile, first } = await bundleProgram(join(folder, 'program'));
  await bundleLauncher(join(folder, 'cli.cjs'), first);
  // For hosts that were told of this name; Node's loader for modules costs them 10 ms.
  writeFileSync(join(folder, 'cli.js'), "#!/usr/bin/env node\nimport './cli.cjs';\n", { mode: 0o755 });
  await bundleLibrary(folder);
  return metafile;
}

/** Splitting keeps what `initialize` does not need (got, lowdb, the local platform) out of the start. */
async function bundleProgram(folder) {
  const { metafile, outputFiles } = await bundleModules({
    entryPoints: { cli: 'src/cli.ts' },
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    write: false,
  });
  const codes = new Map();
  for (const { path, text } of outputFiles) codes.set(basename(path), await toCommonJs(text));
  const { files, first } = packModules(metafile.outputs, codes);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return { metafile, first };
}

async function bundleLauncher(outfile, first) {
  await esbuild.build({
    ...common,
    entryPoints: ['src/launch/launch.ts'],
    outfile,
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname', FIRST_MODULE: JSON.stringify(first) },
  });
  chmodSync(outfile, 0o755);
}

function bundleLibrary(outdir) {
  return bundleModules({
    entryPoints: { index: 'src/index.ts' },
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    // Bundled CommonJS packages ask for Node's own modules through `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

function bundleModules(options) {
  return esbuild.build({
    ...common,
    ...options,
    splitting: true,
    // Its CommonJS build, which Node would take, cannot be tree-shaken.
    alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
    plugins: [lightSdk(root), lightGot],
  });
}

/** Node 20 keeps compiled code for scripts only, not for modules; esbuild splits modules only. */
async function toCommonJs(module) {
  const { code } = await esbuild.transform(module, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  return code;
}
