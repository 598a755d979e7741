import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HELLO, startProgram, usageOf } from './program.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 20;
/** Answers the first line it reads, and is nothing else. */
const BARE = ['-e', "process.stdin.once('data', () => process.stdout.write('{}\\n'))"];

/** From spawn to the first reply, next to a bare node process; the wall's time and the processor's. */
export async function measureStartUp(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-home-'));
  const own = [process.env.BENCH_PROGRAM ?? 'dist/cli.cjs'];
  const uncached = { NODE_DISABLE_COMPILE_CACHE: '1' };
  const contenders: Contender[] = [
    { name: 'bare node', argv: BARE },
    { name: 'spawn → initialize', argv: own },
    { name: 'spawn → initialize, the very first time', argv: own, env: uncached },
  ];
  const peers = process.env.MOLECULE_BENCH_PEERS?.split(';').filter(Boolean) ?? [];
  for (const peer of peers) contenders.push({ name: `peer: ${peer}`, command: peer, argv: [] });
  await warm(home);
  const times = new Map(contenders.map(({ name }) => [name, [] as Start[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contender of contenders) times.get(contender.name)?.push(await start(contender, home));
  }
  rmSync(home, { recursive: true, force: true });
  const wallOf = (name: string) => median((times.get(name) ?? []).map(({ wallMs }) => wallMs));
  const cpuOf = (name: string) => median((times.get(name) ?? []).map(({ cpuMs }) => cpuMs));
  const floor = { wallMs: wallOf('bare node'), cpuMs: cpuOf('bare node') };
  return contenders
    .slice(1)
    .flatMap(({ name }) => [
      row(name, wallOf(name), floor.wallMs),
      row(`${name}, processor time`, cpuOf(name), floor.cpuMs),
    ]);
}

interface Contender {
  readonly name: string;
  /** A shell's command line; default: node. */
  readonly command?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

function row(what: string, ms: number, floorMs: number): Row {
  const ratio = ms / floorMs;
  return {
    what,
    measured: `${ms.toFixed(0)} ms`,
    floor: `${floorMs.toFixed(0)} ms`,
    ratio,
    budget: '≤ 3 ×',
    within: ratio <= 3,
  };
}

const environment = (home: string) => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  CONFIGS_DIR: home,
  PLATFORM_URL: 'http://127.0.0.1:9',
  WORKSPACE_ID: '7f3f1d3e-6f4b-4f0b-9d3f-0c6f5f1a2b3c',
  MOLECULE_WORKSPACE_TOKEN: 'bench',
});

/** A first start, long enough to leave its compiled code behind. */
async function warm(home: string): Promise<void> {
  const program = await startProgram({ url: 'http://127.0.0.1:9', members: [], env: environment(home) });
  await pause(8_000);
  await program.stop();
}

function start({ command, argv, env = {} }: Contender, home: string): Promise<Start> {
  return new Promise((resolve, reject) => {
    const beganMs = performance.now();
    const child = spawn(command ?? process.execPath, argv, {
      env: { ...environment(home), ...env },
      shell: command !== undefined,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let result: Start | null = null;
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: HELLO })}\n`);
    child.stdout.once('data', () => {
      result = { wallMs: performance.now() - beganMs, cpuMs: usageOf(child.pid ?? 0).cpuMs };
      child.stdin.end();
      child.kill('SIGKILL');
    });
    child.once('exit', () => (result ? resolve(result) : reject(new Error('it ended without a reply'))));
  });
}
