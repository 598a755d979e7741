// `npm run bench [-- NAME… --json|--markdown]`: bundles the program and the benches into a temporary folder, and measures.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
await bundle(join(folder, 'dist'));
await build({
  absWorkingDir: root,
  entryPoints: ['run', 'transfers', 'day', 'bare-client', 'bare-sockets'].map((name) => `bench/${name}.ts`),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [join(folder, 'run.mjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, BENCH_PROGRAM: join(folder, 'dist/cli.cjs') },
});
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
