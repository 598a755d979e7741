import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The program in a process of its own, spoken with in plain JSON-RPC lines: a client that costs next to nothing. */
export interface Program {
  readonly pid: number;
  /** Hears of every push; the time is `performance.now()` when its line was read. */
  onPush: (content: string, meta: Readonly<Record<string, string>>) => void;
  /** Calls a tool; resolves with its structured content. */
  call<Result>(name: string, args?: Record<string, unknown>): Promise<Result>;
  stop(): Promise<void>;
}

/** Who takes part in a measurement. */
export interface Member {
  readonly id: string;
  readonly token: string;
}

/** How a program is started. */
export interface ProgramOptions {
  readonly url: string;
  readonly members: readonly Member[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Line {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly content: string; readonly meta: Record<string, string> };
  readonly result?: { readonly structuredContent?: unknown };
  readonly error?: unknown;
}

/** Starts the bundled program (`BENCH_PROGRAM`) on a fresh state folder and shakes hands. */
export async function startProgram({ url, members, env = {} }: ProgramOptions): Promise<Program> {
  const state = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-state-'));
  const child = spawn(process.execPath, [process.env.BENCH_PROGRAM ?? 'dist/cli.cjs'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: state,
      CONFIGS_DIR: state,
      PLATFORM_URL: url,
      ...(members.length > 0 && {
        MOLECULE_WORKSPACES: JSON.stringify(members.map(({ id, token }) => ({ id, token }))),
      }),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = new Map<number, (line: Line) => void>();
  let asked = 0;
  const ask = (method: string, params: unknown) =>
    new Promise<Line>((resolve) => {
      asked += 1;
      answers.set(asked, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: asked, method, params })}\n`);
    });
  const program: Program = {
    pid: child.pid ?? 0,
    onPush: () => {},
    async call<Result>(name: string, args = {}) {
      const { result, error } = await ask('tools/call', { name, arguments: args });
      if (!result) throw new Error(`${name}: ${JSON.stringify(error)}`);
      return result.structuredContent as Result;
    },
    async stop() {
      const gone = exitOf(child);
      child.stdin.end();
      await gone;
      rmSync(state, { recursive: true, force: true });
    },
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.id !== undefined) answers.get(line.id)?.(line);
    if (line.method === 'notifications/claude/channel' && line.params) {
      program.onPush(line.params.content, line.params.meta);
    }
  });
  const early = exitOf(child).then(() => Promise.reject(new Error('the program ended without a reply')));
  await Promise.race([ask('initialize', HELLO), early]);
  early.catch(() => {});
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  return program;
}

/** What a host says first. */
export const HELLO = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

/** What a process has used so far: processor time of all its threads and resident memory. Linux only. */
export function usageOf(pid: number): { readonly cpuMs: number; readonly residentMib: number } {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const cpuMs = tasks
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'NaN';
  return { cpuMs, residentMib: Number(kib) / 1024 };
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
