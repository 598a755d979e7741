// `npm run visualize`: draws the statecharts anew from the machines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'molecule-visualize-'));
try {
  const bundle = join(folder, 'diagrams.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['visualizations/diagrams.ts'],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    // ELK's bundle asks for Node's own modules through `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const { drawDiagrams, drawSvgs } = await import(pathToFileURL(bundle).href);
  for (const { fileName, text } of [...drawDiagrams(), ...(await drawSvgs())]) {
    writeFileSync(join(root, 'visualizations', fileName), text);
    console.error(`▸ visualizations/${fileName}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
