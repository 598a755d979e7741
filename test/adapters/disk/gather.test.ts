import { describe, expect, it } from 'vitest';
import { createGathering } from '../../../adapters/disk/gather.ts';

const KIBI = 1024;

/** A disk whose writes are done when the test says so. */
function slowDisk() {
  const pieces: Buffer[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const write = (piece: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      pieces.push(Buffer.from(piece));
      ends.push({ resolve, reject });
    });
  return { pieces, ends, gathering: createGathering(write) };
}

describe('bytes on their way into a file', () => {
  it('are copied at once and written in large pieces, one beside the next', async () => {
    const { pieces, ends, gathering } = slowDisk();
    const chunk = Buffer.alloc(96 * KIBI);
    let told = 0;
    for (; pieces.length < 1 || told < 10; told += 1) {
      chunk.fill(told);
      expect(gathering.take(chunk)).toBeUndefined();
    }
    // The first MiB has room in two pieces; what goes beyond waits.
    chunk.fill(told);
    const waiting = gathering.take(chunk);
    expect(waiting).toBeInstanceOf(Promise);
    ends[0]?.resolve();
    await waiting;
    expect(pieces.map((piece) => piece.length)).toEqual([512 * KIBI, 512 * KIBI]);
    ends[1]?.resolve();
    const finished = gathering.finish();
    await gathering.settled();
    ends[2]?.resolve();
    await finished;
    const whole = Buffer.concat(pieces);
    expect(whole.length).toBe(11 * chunk.length);
    for (let n = 0; n <= told; n += 1) {
      expect(whole.subarray(n * chunk.length, (n + 1) * chunk.length).every((byte) => byte === n)).toBe(true);
    }
  });

  it('fail with the write that failed, whoever comes next', async () => {
    const { ends, gathering } = slowDisk();
    expect(gathering.take(Buffer.alloc(600 * KIBI))).toBeUndefined();
    ends[0]?.reject(new Error('the disk is full'));
    await expect(gathering.finish()).rejects.toThrow('the disk is full');
    await expect(gathering.take(Buffer.alloc(600 * KIBI))).rejects.toThrow('the disk is full');
    await gathering.settled();
  });

  it('come to nothing where there are none', async () => {
    const { pieces, gathering } = slowDisk();
    await gathering.finish();
    expect(pieces).toEqual([]);
  });
});
