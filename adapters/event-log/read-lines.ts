import type { DiskFile } from '../../src/domain/ports/disk.ts';

/** A complete line without its line break, and the offset at which the next one begins. */
export interface Line {
  readonly text: string;
  readonly end: number;
}

/**
 * The complete lines of a file from one offset to another, a megabyte at a time. Bytes after the last line break are
 * not told: they are what a write that was cut leaves behind.
 */
export async function* readLines(file: DiskFile, from: number, to: number): AsyncGenerator<Line> {
  let position = from;
  let begun: string[] = [];
  let start = from;
  while (position < to) {
    // Latin-1 keeps one character per byte, whatever damage there is.
    const chunk = Buffer.from(await file.read(position, Math.min(CHUNK_BYTES, to - position))).toString(
      'latin1',
    );
    if (chunk.length === 0) return;
    position += chunk.length;
    let cut = 0;
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', cut)) {
      const text = begun.join('') + chunk.slice(cut, at);
      begun = [];
      cut = at + 1;
      start += text.length + 1;
      yield { text, end: start };
    }
    if (cut < chunk.length) begun.push(chunk.slice(cut));
  }
}

const CHUNK_BYTES = 1024 * 1024;
