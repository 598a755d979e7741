import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';

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

/** The command line as a user gets it, built for the tests of one file. */
export interface Cli {
  /** The program, for a test that starts the process itself. */
  readonly path: string;
  run(args: readonly string[], options?: CliRunOptions): Promise<CliRun>;
}

/** Builds the command line before the tests of a file; it is gone after them. */
export function useCli(): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-cli-'));
  const path = join(folder, 'cli.cjs');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    await bundle(folder);
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
