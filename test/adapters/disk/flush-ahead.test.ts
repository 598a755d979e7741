import { describe, expect, it } from 'vitest';
import { createFlushAhead } from '../../../adapters/disk/flush-ahead.ts';

const MEBI = 1024 * 1024;

/** A file whose flushes end when the test says so. */
function slowFile() {
  const underWay: { end(error?: Error): void }[] = [];
  const file = {
    datasync: () =>
      new Promise<void>((resolve, reject) => {
        underWay.push({ end: (error) => (error ? reject(error) : resolve()) });
      }),
  };
  return { file, underWay };
}

describe('flushing ahead', () => {
  it('leaves a small file to its last flush', async () => {
    const { file, underWay } = slowFile();
    const ahead = createFlushAhead()(file);
    ahead.wrote(3 * MEBI);
    await ahead.settled();
    expect(underWay).toHaveLength(0);
  });

  it('has one flush at a time, over all files', async () => {
    const [one, other] = [slowFile(), slowFile()];
    const flushAhead = createFlushAhead();
    const [first, second] = [flushAhead(one.file), flushAhead(other.file)];
    first.wrote(4 * MEBI);
    first.wrote(4 * MEBI);
    second.wrote(4 * MEBI);
    expect([one.underWay.length, other.underWay.length]).toEqual([1, 0]);
    one.underWay[0]?.end();
    await first.settled();
    second.wrote(1);
    expect([one.underWay.length, other.underWay.length]).toEqual([1, 1]);
  });

  it('remembers a failure that the system tells once', async () => {
    const { file, underWay } = slowFile();
    const ahead = createFlushAhead()(file);
    ahead.wrote(4 * MEBI);
    underWay[0]?.end(new Error('EIO'));
    await expect(ahead.settled()).rejects.toThrow('EIO');
    ahead.wrote(4 * MEBI);
    underWay[1]?.end();
    await expect(ahead.settled()).rejects.toThrow('EIO');
  });
});
