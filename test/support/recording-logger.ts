import type { Logger } from '../../src/domain/ports/runtime.ts';

/** A logger that keeps what it was told; `lines` holds warnings and errors, `infos` the rest. */
export interface RecordingLogger extends Logger {
  readonly lines: string[];
  readonly infos: string[];
}

/** A fresh {@link RecordingLogger}. */
export function recordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const infos: string[] = [];
  return {
    lines,
    infos,
    info: (line) => infos.push(line),
    warn: (line) => lines.push(line),
    error: (line) => lines.push(line),
  };
}
