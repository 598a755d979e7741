import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A bare node process that does what a floor needs; ended with {@link Bare.stop}. */
export interface Bare {
  readonly pid: number;
  /** Hears each line that it says. */
  onLine: (line: string) => void;
  stop(): Promise<void>;
}

/** Starts one of the bare scripts beside this one; resolves when it has said `open`. */
export async function startBare(
  script: 'bare-client' | 'bare-sockets',
  args: readonly string[],
): Promise<Bare> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, `${script}.mjs`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('its pipes are open');
  const bare: Bare = {
    pid: child.pid ?? 0,
    onLine: () => {},
    async stop() {
      const gone = once(child, 'exit');
      stdin.end();
      await gone;
    },
  };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${script} ended`)));
    createInterface({ input: stdout }).on('line', (line) => {
      if (line === 'open') resolve();
      else bare.onLine(line);
    });
  });
  return bare;
}
