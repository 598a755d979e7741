// `npm run docs`: writes the table of options in docs/configuration.md anew from src/config/options.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = await build({
  absWorkingDir: root,
  entryPoints: ['src/config/document-options.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
const { renewDocument } = await import(`data:text/javascript;base64,${code}`);
const path = join(root, 'docs/configuration.md');
writeFileSync(path, renewDocument(readFileSync(path, 'utf8')));
console.error('▸ docs/configuration.md');
