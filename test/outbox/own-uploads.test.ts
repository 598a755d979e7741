import { describe, expect, it } from 'vitest';
import { createOwnUploads } from '../../src/outbox/own-uploads.ts';

const never = new AbortController().signal;
const OWN = 'w1';

/** Whether a promise has settled by the time every waiting microtask has run. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  await new Promise(setImmediate);
  return (await Promise.race([promise.catch(() => null), Promise.resolve(open)])) === open;
}

describe('own uploads (W-39)', () => {
  it('answers at once when nothing is on its way', async () => {
    const uploads = createOwnUploads(async () => {});
    expect(await uploads.isForeign(OWN, { fileId: 'f1', size: 3 }, never)).toBe(true);
  });

  it('waits only for what could be the same file: same workspace, same or unknown size', async () => {
    const uploads = createOwnUploads(async () => {});
    const window = uploads.begin(OWN, [3, 5]);
    expect(await uploads.isForeign(OWN, { fileId: 'f1', size: 4 }, never)).toBe(true);
    expect(await uploads.isForeign('w2', { fileId: 'f1', size: 3 }, never)).toBe(true);
    const questions = [3, 5, null].map((size) => uploads.isForeign(OWN, { fileId: 'mine', size }, never));
    for (const question of questions) expect(await isOpen(question)).toBe(true);
    const users = uploads.isForeign(OWN, { fileId: 'theirs', size: 3 }, never);
    await window.close(['mine']);
    expect(await Promise.all(questions)).toEqual([false, false, false]);
    expect(await users).toBe(true);
    expect(await uploads.isForeign(OWN, { fileId: 'mine', size: 3 }, never)).toBe(false);
  });

  it('lets go only when the ids are durable, also when they cannot be written', async () => {
    const written: string[] = [];
    let refuse = () => {};
    const uploads = createOwnUploads(async (workspaceId, fileId) => {
      written.push(`${workspaceId}/${fileId}`);
      await new Promise<void>((_resolve, reject) => {
        refuse = () => reject(new Error('disk full'));
      });
    });
    const window = uploads.begin(OWN, [3]);
    const other = uploads.isForeign(OWN, { fileId: 'theirs', size: 3 }, never);
    const closing = window.close(['mine']);
    expect(await isOpen(other)).toBe(true);
    refuse();
    await expect(closing).rejects.toThrow('disk full');
    expect(written).toEqual([`${OWN}/mine`]);
    expect(await other).toBe(true);
    expect(await uploads.isForeign(OWN, { fileId: 'mine', size: 3 }, never)).toBe(false);
  });

  it('waits for every window that is open', async () => {
    const uploads = createOwnUploads(async () => {});
    const [one, two] = [uploads.begin(OWN, [3]), uploads.begin(OWN, [3])];
    const question = uploads.isForeign(OWN, { fileId: 'f', size: 3 }, never);
    await one.close([]);
    expect(await isOpen(question)).toBe(true);
    await two.close(['f']);
    expect(await question).toBe(false);
  });

  it('ends with its signal', async () => {
    const uploads = createOwnUploads(async () => {});
    uploads.begin(OWN, [3]);
    const stop = new AbortController();
    const question = uploads.isForeign(OWN, { fileId: 'f', size: 3 }, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(question).rejects.toThrow('stopped');
  });
});
