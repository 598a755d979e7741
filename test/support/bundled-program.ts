import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { lightSdk } from '../../scripts/light-sdk.mjs';

const built = new Map<string, Promise<string>>();

/**
 * The program of an entry (`src/cli.ts`, or a test's own) bundled as the build does it, into a folder of its own that is
 * gone when this process ends: a test of a process needs no `dist`, and nobody who builds one gets in its way.
 */
export function bundledProgram(entry = 'src/cli.ts'): Promise<string> {
  const known = built.get(entry) ?? bundle(entry);
  built.set(entry, known);
  return known;
}

async function bundle(entry: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-program-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: { program: entry },
    outdir: folder,
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
  return join(folder, 'program.mjs');
}
