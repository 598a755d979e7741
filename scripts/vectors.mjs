// `npm run test:vectors -- DIR`: runs every *.json of DIR against the functions that the product calls.
// The runner is TypeScript; it is bundled in memory, so that this works before any build.
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureInstalled, root } from './set-up.mjs';

const folder = resolve(process.argv[2] ?? join(root, 'test/fixtures/vectors'));
if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  console.error(`there is no folder ${folder}; say which: npm run test:vectors -- DIR`);
  process.exit(2);
}
ensureInstalled();
const { build } = await import('esbuild');
const bundle = await build({
  absWorkingDir: root,
  entryPoints: ['test/vectors/run.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
const { runVectors } = await import(`data:text/javascript;base64,${code}`);
process.exitCode = runVectors(folder, (line) => console.log(line)) ? 0 : 1;
