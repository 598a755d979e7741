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
  /** A shell's command line of another program; null, the default, for this one. */
  readonly command?: string | null;
  /** A home that exists and stays; default: a new one that vanishes with the program. */
  readonly home?: string;
}

interface Line {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly content: string; readonly meta: Record<string, string> };
  readonly result?: { readonly structuredContent?: unknown };
  readonly error?: unknown;
}

/** Starts the bundled program (`BENCH_PROGRAM`), or another, and shakes hands. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { url, members, env = {}, command = null } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-state-'));
  const child = spawn(
    command ? `exec ${command}` : process.execPath,
    command ? [] : [...nodeArgs(), ownProgram()],
    {
      env: { ...environmentOf(home, url, members), ...env },
      shell: command !== null,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
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
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
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

/** Arguments for its node, of `MOLECULE_BENCH_NODE_ARGS`: `--cpu-prof --cpu-prof-dir=FOLDER` for a profile of a row. */
export function nodeArgs(): readonly string[] {
  return (process.env.MOLECULE_BENCH_NODE_ARGS ?? '').split(' ').filter(Boolean);
}

/** Where the program lies that is measured: `MOLECULE_BENCH_PROGRAM`, else the build that was made for this run. */
export function ownProgram(): string {
  return process.env.MOLECULE_BENCH_PROGRAM ?? process.env.BENCH_PROGRAM ?? 'dist/cli.cjs';
}

/** What a program is told: one workspace as a single agent's, several as a list. */
export function environmentOf(home: string, url: string, members: readonly Member[]): NodeJS.ProcessEnv {
  const [first] = members;
  const common = { PATH: process.env.PATH ?? '', HOME: home, CONFIGS_DIR: home, PLATFORM_URL: url };
  if (first && members.length === 1)
    return { ...common, WORKSPACE_ID: first.id, MOLECULE_WORKSPACE_TOKEN: first.token };
  const list = members.map(({ id, token }) => ({ id, token }));
  return { ...common, MOLECULE_WORKSPACES: JSON.stringify(list) };
}

/** What a host says first. */
export const HELLO = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

/** What a process has used so far. */
export interface Usage {
  /** Processor time of all its threads. */
  readonly cpuMs: number;
  readonly residentMib: number;
}

/** What a process has used so far. Linux only. */
export function usageOf(pid: number): Usage {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const cpuMs = tasks
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
  return { cpuMs, residentMib: memoryBytes(pid, 'VmRSS') / 1024 ** 2 };
}

/** A process's resident set: as it is, or the largest since the process, or `clear_refs`, last began to count. Linux only. */
export function memoryBytes(pid: number | 'self', which: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1] ?? 'NaN');
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
