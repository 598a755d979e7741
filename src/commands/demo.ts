import { parseArgs } from 'node:util';
import { playDemo } from '../demo/play.ts';
import { terminalOf } from '../terminal.ts';

const USAGE = `molecule-inbox demo [--once]

A whole conversation on a built-in platform, then a playground until Ctrl-C.

  --once   ends after the conversation, with 0 when everything arrived
`;

/**
 * Plays a whole conversation on the embedded local platform, in the terminal, and goes on serving until Ctrl-C; with
 * `--once` ends after it, with 0 only if everything arrived, was answered, and log and inbox agree.
 */
export async function runDemo(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  let once = false;
  try {
    once = parseArgs({ args: [...args], options: { once: { type: 'boolean', default: false } } }).values.once;
  } catch (error) {
    process.stderr.write(
      `molecule-inbox demo: ${error instanceof Error ? error.message : error}\n\n${USAGE}`,
    );
    return 2;
  }
  return playDemo({
    once,
    write: (text) => process.stdout.write(text),
    colours: terminalOf(process.stdout, process.env).colours,
  });
}
