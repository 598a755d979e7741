// `node scripts/bench.mjs backlog [rows]`, `node scripts/bench.mjs start-up [messages]`: bundles a measurement and runs it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './set-up.mjs';

const [name = 'backlog', ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
const outfile = join(folder, `${name}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [`bench/${name}.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [outfile, ...args], { stdio: 'inherit' });
rmSync(folder, { recursive: true });
process.exit(run.status ?? 1);
