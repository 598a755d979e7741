import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { everyMessage } from '../../../src/bridge/inbox/every-message.ts';
import type { InboxMessage } from '../../../src/domain/message.ts';
import { at, idOf } from '../../support/rows.ts';

function message(number: number): InboxMessage {
  return {
    activity_id: idOf(number),
    text: `message ${number}`,
    peer_id: '',
    kind: 'canvas_user',
    method: 'message/send',
    created_at: at(number),
  };
}

/** An inbox that holds what a test puts into it. */
function follow() {
  const waiting: InboxMessage[] = [];
  const released$ = new Subject<string>();
  const opened$ = new Subject<void>();
  const heard: string[] = [];
  const inbox = {
    peek: () => ({ messages: [...waiting], total: waiting.length, has_more: false }),
    find: (id: string) => {
      const found = waiting.find(({ activity_id }) => activity_id === id);
      return found ? { workspaceId: '', message: found } : null;
    },
  };
  const begin = () => everyMessage({ inbox, released$, opened$ }).subscribe(({ text }) => heard.push(text));
  return { waiting, released$, opened$, heard, begin };
}

describe('every message', () => {
  it('is told once: what waits, what comes, and what a log that opens late has kept', () => {
    const { waiting, released$, opened$, heard, begin } = follow();
    waiting.push(message(1));
    begin();
    waiting.push(message(2));
    released$.next(idOf(2));
    waiting.push(message(3));
    opened$.next();
    released$.next(idOf(3));
    opened$.next();
    expect(heard).toEqual(['message 1', 'message 2', 'message 3']);
  });

  it('passes over what was popped before it could be told', () => {
    const { released$, heard, begin } = follow();
    begin();
    released$.next(idOf(9));
    expect(heard).toEqual([]);
  });
});
