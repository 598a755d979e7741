import { describe, expect, it } from 'vitest';
import { createBufferedWriter } from '../../../adapters/disk/buffered-writer.ts';

const KIBI = 1024;
const CHUNK = 96 * KIBI;

/** A disk whose writes end when the test says so, and which only then looks at what it was given. */
function slowDisk() {
  const written: Buffer[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const writer = createBufferedWriter(
    (piece) =>
      new Promise<void>((resolve, reject) => {
        ends.push({
          resolve() {
            written.push(Buffer.from(piece));
            resolve();
          },
          reject,
        });
      }),
  );
  /** Hands over chunks that say their number until one has to wait; resolves with their count and that one's promise. */
  function fill(): { chunks: number; waiting: Promise<void> } {
    const chunk = Buffer.alloc(CHUNK);
    for (let chunks = 1; ; chunks += 1) {
      const waiting = writer.take(chunk.fill(chunks));
      if (waiting) return { chunks, waiting };
    }
  }
  return { written, ends, writer, fill };
}

describe('a buffered writer', () => {
  it('copies at once and writes large pieces, one while the next is filled', async () => {
    const { written, ends, writer, fill } = slowDisk();
    const { chunks, waiting } = fill();
    // Two pieces of half a MiB are full with the eleventh chunk of 96 KiB.
    expect(chunks).toBe(11);
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await waiting;
    expect(ends).toHaveLength(2);
    ends[1]?.resolve();
    const finished = writer.finish();
    await expect.poll(() => ends.length).toBe(3);
    ends[2]?.resolve();
    await finished;
    expect(written.map((piece) => piece.length)).toEqual([512 * KIBI, 512 * KIBI, 32 * KIBI]);
    const whole = Buffer.concat(written);
    for (let n = 0; n < chunks; n += 1) {
      expect(whole.subarray(n * CHUNK, (n + 1) * CHUNK).every((byte) => byte === n + 1)).toBe(true);
    }
  });

  it('fails with the write that failed, whoever comes next', async () => {
    const { ends, writer } = slowDisk();
    expect(writer.take(Buffer.alloc(600 * KIBI))).toBeUndefined();
    ends[0]?.reject(new Error('the disk is full'));
    await expect(writer.finish()).rejects.toThrow('the disk is full');
    await expect(writer.take(Buffer.alloc(600 * KIBI))).rejects.toThrow('the disk is full');
    await writer.close();
  });

  it('begins no write once it is closed, neither of what waits nor of what comes', async () => {
    const { ends, writer, fill } = slowDisk();
    const { waiting } = fill();
    const closed = writer.close();
    ends[0]?.resolve();
    await closed;
    await expect(waiting).rejects.toThrow('after the file was closed');
    await expect(writer.take(Buffer.alloc(1))).rejects.toThrow('after the file was closed');
    expect(ends).toHaveLength(1);
  });

  it('writes nothing where nothing came', async () => {
    const { ends, writer } = slowDisk();
    await writer.finish();
    expect(ends).toEqual([]);
  });
});
