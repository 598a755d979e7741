import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';

/** The `PATH` on which the installed programs come first; rejects a run that did not install them. */
export function outsidePath(): string {
  const first = process.env.OUTSIDE_PATH;
  if (!first)
    throw new Error('OUTSIDE_PATH is not set: run it by `npm run test:hosts|inspector|conformance`');
  return [first, process.env.PATH ?? ''].join(delimiter);
}

/** How a command ended. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an installed command to its end, whatever its exit code; only these variables and the `PATH` reach it. */
export function runOutside(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: outsidePath(), ...env }, timeout: 110_000, maxBuffer: 1 << 25 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}
