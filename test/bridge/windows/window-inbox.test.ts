import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createInbox } from '../../../src/bridge/inbox/inbox.ts';
import { createOtherWindow } from '../../../src/bridge/windows/other-window.ts';
import { createWindowInbox } from '../../../src/bridge/windows/window-inbox.ts';
import { OWN } from '../../support/rows.ts';

const never = new AbortController().signal;
const MESSAGE = { activity_id: 'a', text: 'hello', created_at: '2026-05-05T09:30:01Z' };

/** The inbox of a window that stands by, over the answers of the one that delivers: what it says to each question in turn. */
function standingBy(...answers: readonly (() => Promise<unknown>)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const other = createOtherWindow({
    lock: {
      async ask(_key, request) {
        asked.push((request as { do: string }).do);
        return { result: await (left.shift() ?? gone)(), waiting: 0 };
      },
    },
    key: 'key',
    workspaceId: OWN,
    named: false,
    trouble: () => null,
    stopping: never,
  });
  const local = createInbox({ sources: () => [], arrivals$: NEVER, named: false });
  const inbox = createWindowInbox({
    local,
    delivers: () => false,
    others: new Map([[OWN, other]]),
    moved$: NEVER,
  });
  return { inbox, asked };
}

const gone = async () => {
  throw new Error('it did not answer in time');
};
const nothing = async () => ({ messages: [], total: 0, has_more: false });
const one = async () => ({ messages: [MESSAGE], total: 1, has_more: false });

describe('waiting in a window that stands by', () => {
  it('asks again when the other window did not answer once', async () => {
    const { inbox, asked } = standingBy(gone, one);
    expect(await inbox.wait(5_000, never)).toEqual(MESSAGE);
    expect(asked).toEqual(['peek', 'peek']);
  });

  it('also after a wait there that was cut off', async () => {
    const { inbox, asked } = standingBy(nothing, gone, gone, one);
    expect(await inbox.wait(5_000, never)).toEqual(MESSAGE);
    expect(asked).toEqual(['peek', 'wait', 'peek', 'peek']);
  });

  it('says why when it is over and nobody has answered', async () => {
    const { inbox, asked } = standingBy(gone, gone, gone);
    await expect(inbox.wait(300, never)).rejects.toThrow('did not answer in time');
    expect(asked.length).toBeGreaterThan(1);
    await expect(inbox.wait(0, never)).rejects.toThrow('did not answer in time');
  });

  it('ends at once when the call is cancelled', async () => {
    const cancel = new AbortController();
    const { inbox } = standingBy(async () => {
      cancel.abort();
      return gone();
    });
    expect(await inbox.wait(60_000, cancel.signal)).toBeNull();
  });
});
