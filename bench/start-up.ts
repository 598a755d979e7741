import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { peersOf } from './peers.ts';
import { environmentOf, HELLO, ownProgram, startProgram, usageOf } from './program.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 20;
/** Answers the first line it reads, and is nothing else. */
const BARE = ['-e', "process.stdin.once('data', () => process.stdout.write('{}\\n'))"];

/** From spawn to the first reply, next to a bare node process; the wall's time and the processor's. */
export async function measureStartUp(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-home-'));
  const uncached = { NODE_DISABLE_COMPILE_CACHE: '1' };
  const argv = [ownProgram()];
  const contenders: Contender[] = [
    { name: 'bare node', argv: BARE, budget: '' },
    { name: 'spawn → `initialize` reply', argv, budget: '≤ 3 ×, aim 2 ×' },
    { name: 'the same of 20 workspaces', argv, workspaces: 20, budget: '≤ 3 ×' },
    { name: 'the same without compiled code, as the first time', argv, env: uncached, budget: '' },
    ...peersOf().map(({ name, command }) => ({
      name: `${name}spawn → \`initialize\` reply`,
      command: command ?? '',
      argv: [],
      budget: '',
    })),
  ];
  await warm(home);
  const times = new Map(contenders.map(({ name }) => [name, [] as Start[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contender of contenders) times.get(contender.name)?.push(await start(contender, home));
  }
  rmSync(home, { recursive: true, force: true });
  const wallOf = (name: string) => median((times.get(name) ?? []).map(({ wallMs }) => wallMs));
  const cpuOf = (name: string) => median((times.get(name) ?? []).map(({ cpuMs }) => cpuMs));
  return contenders.slice(1).map(({ name, budget }) => {
    const ratio = wallOf(name) / wallOf('bare node');
    return {
      what: `${name}, median of ${ROUNDS}`,
      measured: `${wallOf(name).toFixed(0)} ms (processor ${cpuOf(name).toFixed(0)} ms)`,
      floor: `bare node: ${wallOf('bare node').toFixed(0)} ms (processor ${cpuOf('bare node').toFixed(0)} ms)`,
      ratio,
      budget,
      within: ratio <= 3,
    };
  });
}

interface Contender {
  readonly name: string;
  /** A shell's command line; default: node. */
  readonly command?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: one. */
  readonly workspaces?: number;
  readonly budget: string;
}

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Nobody answers there: nothing of a start waits for the platform. */
const NOWHERE = 'http://127.0.0.1:9';

function membersOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `7f3f1d3e-6f4b-4f0b-9d3f-${String(index).padStart(12, '0')}`,
    token: 'bench',
  }));
}

/** A first start, long enough to leave its compiled code behind. */
async function warm(home: string): Promise<void> {
  const program = await startProgram({ url: NOWHERE, members: membersOf(1), home });
  await pause(8_000);
  await program.stop();
}

function start({ command, argv, env = {}, workspaces = 1 }: Contender, home: string): Promise<Start> {
  return new Promise((resolve, reject) => {
    const beganMs = performance.now();
    const child = spawn(command ? `exec ${command}` : process.execPath, argv, {
      env: { ...environmentOf(home, NOWHERE, membersOf(workspaces)), ...env },
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
