import type { LogScript } from './play-log.ts';
import type { Script } from './script.ts';

/** What a file held, ready to be played: one entry per workspace. */
export type Source =
  | { readonly kind: 'rows'; readonly script: Script }
  | { readonly kind: 'log'; readonly log: LogScript };

/** Why a file cannot be replayed; `message` is one line for a person. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** A line of JSON, or a {@link SourceError} that names the place. */
export function parseLine(line: string, path: string, place: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SourceError(`${path}:${place} is no JSON`);
  }
}
