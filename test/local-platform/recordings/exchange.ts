import { readdirSync, readFileSync } from 'node:fs';

/** One multipart file of a recorded upload; its bytes were not kept. */
export interface RecordedFile {
  readonly field: string;
  readonly filename: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One recorded exchange, as `test/fixtures/recordings/README.md` describes it. */
export interface Exchange {
  /** Position in the whole run; absent where a run has one file. */
  readonly n?: number;
  /** The file it was recorded in: `chat` for `exchanges-chat.ndjson`. */
  readonly file: string;
  readonly at: string;
  readonly as: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly form?: readonly RecordedFile[];
    readonly text?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly text?: string;
  };
}

const fixtures = new URL('../../fixtures/recordings/', import.meta.url);

/** Reads a fixture's lines. */
export function readLines<T>(path: string): T[] {
  const lines = readFileSync(new URL(path, fixtures), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

/** The names of all exchange files of a folder: `chat` for `exchanges-chat.ndjson`. */
export function recordedFiles(folder: string): string[] {
  const names = readdirSync(new URL(folder, fixtures)).map(
    (name) => /^exchanges-(.*)\.ndjson$/.exec(name)?.[1],
  );
  return names.filter((name) => name !== undefined);
}

/** The exchanges of several files as the one run they were, by `n`; those without one keep their order. */
export function loadRun(folder: string, files: readonly string[]): Exchange[] {
  return files
    .flatMap((file) =>
      readLines<Omit<Exchange, 'file'>>(`${folder}exchanges-${file}.ndjson`).map((line) => ({
        ...line,
        file,
      })),
    )
    .sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
}
