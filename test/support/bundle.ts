import { join } from 'node:path';
import { build } from 'esbuild';
import { lightSdk } from '../../scripts/light-sdk.mjs';
import { createTempFolder } from './temp-folder.ts';

/** Bundles a TypeScript entry as the build does, so that plain node can run it; resolves with the file. For one test. */
export async function bundle(entry: string): Promise<string> {
  const outdir = createTempFolder('bundle');
  await build({
    entryPoints: { entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    plugins: [lightSdk(process.cwd())],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return join(outdir, 'entry.mjs');
}
