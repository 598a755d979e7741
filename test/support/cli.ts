import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { lightSdk } from '../../scripts/light-sdk.mjs';

/** How a run of the command line ended, and what it said. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run gets: only these variables, and what it reads from stdin (nothing: at once at its end). */
export interface CliRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** The command line as a user gets it, bundled for the tests of one file. */
export interface Cli {
  /** The bundle's entry, for a test that starts the process itself. */
  readonly path: string;
  run(args: readonly string[], options?: CliRunOptions): Promise<CliRun>;
}

/** Bundles the command line before the tests of a file; the bundle is gone after them. */
export function useCli(): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-cli-'));
  const path = join(folder, 'cli.mjs');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    await build({
      entryPoints: { cli: 'src/cli.ts' },
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
  });
  return {
    path,
    async run(args, { env = {}, input = '', cwd = process.cwd() } = {}) {
      const child = spawn(process.execPath, [path, ...args], {
        cwd,
        env: { PATH: process.env.PATH ?? '', ...env },
        stdio: 'pipe',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stdout, stderr };
    },
  };
}
