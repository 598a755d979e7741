import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { createTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** One window in its own process. */
export interface LockWindow {
  readonly pid: number;
  /** What it has said so far. */
  readonly said: readonly string[];
  /** Whether it delivers now. */
  readonly delivers: boolean;
  tell(word: 'claim' | 'ask'): void;
  /** Sends a signal; resolves once the process is gone, or at once for one that does not end it. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Ends it as a host does. */
  close(): Promise<void>;
}

/** Bundles `lock-window.ts` once and gives what starts windows that share one run-time folder and one key. */
export async function lockWindows(linkSockets = true) {
  const folder = createTempFolder('run');
  const program = join(createTempFolder('program'), 'window.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'lock-window.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const witness = `molecule-inbox-${process.pid}-${Math.random()}`;
  const windows: LockWindow[] = [];

  function start(): LockWindow {
    const child = spawn(process.execPath, [program, folder, 'the workspace', witness, String(linkSockets)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const window = windowOf(child);
    windows.push(window);
    return window;
  }

  return { folder, windows, start };
}

function windowOf(child: ChildProcess): LockWindow {
  const said: string[] = [];
  let alive = true;
  child.once('exit', () => {
    alive = false;
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => said.push(line));
  const state = () => said.findLast((word) => word === 'delivers' || word === 'ended');
  return {
    pid: child.pid ?? 0,
    said,
    get delivers() {
      return alive && state() === 'delivers';
    },
    tell: (word) => void child.stdin?.write(`${word}\n`),
    async signal(name) {
      const gone = once(child, 'exit');
      child.kill(name);
      if (name === 'SIGKILL') await gone;
    },
    async close() {
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

/** Resolves with the one window that delivers; rejects when it does not come within `withinMs`. */
export function deliverer(windows: readonly LockWindow[], withinMs = 5_000): Promise<LockWindow> {
  return until(() => windows.find((window) => window.delivers), 'a window delivers', withinMs);
}
