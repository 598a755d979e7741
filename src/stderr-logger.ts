import type { Logger } from './domain/ports/runtime.ts';
import { visibleLine } from './domain/rendering/visible.ts';

/** A logger on stderr, one line each, control characters spelled out (W-57); `info` only when `verbose` is set to something true. */
export function createStderrLogger(verbose: string | undefined): Logger {
  const write = (line: string) => {
    process.stderr.write(`[molecule-inbox] ${visibleLine(line)}\n`);
  };
  const talkative = !/^\s*(0|false|no|off|)\s*$/i.test(verbose ?? '');
  return { info: talkative ? write : () => {}, warn: write, error: write };
}
