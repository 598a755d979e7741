import { createWriteStream, type WriteStream } from 'node:fs';
import { extname } from 'node:path';
import { jsonText } from '../domain/json-text.ts';

/** A file that lines of JSON are written to. Never holds up whoever writes. */
export interface RecordingFile {
  readonly path: string;
  /**
   * Writes a line. False when nothing was: the disk does not keep up, it has ended, or there is no JSON of it (a stranger
   * may have nested more than can be written).
   */
  write(line: object): boolean;
  /** Writes a last line, however slow the disk is; resolves once all that was taken is in the file. */
  end(last: object | null): Promise<void>;
}

/** What a {@link RecordingFile} needs. */
export interface RecordingFileParts {
  /** A new private file, through no link: `run.ndjson`, else `run-2.ndjson` … */
  readonly path: string;
  /** The line that does not fit any more ends the file. */
  readonly maxBytes: number;
  /** It has ended by itself: why, as the end of a sentence. */
  readonly onEnded: (reason: string) => void;
}

/** Makes the file; rejects when that cannot be done. */
export async function createRecordingFile(parts: RecordingFileParts): Promise<RecordingFile> {
  const { maxBytes, onEnded } = parts;
  const { path, file } = await createFile(parts.path);
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  let bytes = 0;
  let hasEnded = false;

  function endWith(reason: string): void {
    if (hasEnded) return;
    hasEnded = true;
    file.end();
    onEnded(reason);
  }

  function append(line: object): boolean {
    const json = hasEnded ? null : jsonText(line);
    if (json === null) return false;
    const text = `${json}\n`;
    bytes += Buffer.byteLength(text);
    if (bytes > maxBytes) endWith(`it would be larger than ${maxBytes} bytes (MOLECULE_RECORD_MAX_BYTES)`);
    else file.write(text);
    return !hasEnded;
  }

  file.on('error', (error: NodeJS.ErrnoException) => endWith(error.code ?? error.message));
  return {
    path,
    write: (line) => file.writableLength <= MAX_WAITING_BYTES && append(line),
    async end(last) {
      if (last !== null) append(last);
      hasEnded = true;
      file.end();
      await closed;
    },
  };
}

async function createFile(wanted: string): Promise<{ path: string; file: WriteStream }> {
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  for (let copy = 1; ; copy += 1) {
    const path = copy === 1 ? wanted : `${stem}-${copy}${extension}`;
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      file.once('open', () => resolve(null));
      file.once('error', resolve);
    });
    if (error === null) return { path, file };
    if (error.code !== 'EEXIST' || copy >= MAX_COPIES) throw error;
  }
}

const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_COPIES = 10_000;
