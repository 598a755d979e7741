import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { ackableSeq } from '../../src/domain/inbox/acked-seq.ts';
import type { Command } from '../../src/domain/inbox/inbox-decide.ts';
import { readRequest } from '../../src/domain/inbox/requests.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { toMicros } from '../../src/domain/time.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { given } from '../support/given.ts';
import { at, chatRow, idOf, OWN, uploadRow } from '../support/rows.ts';

const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: 0, cursor: null, origin: 'backlog' },
};

/** Rows 1, 2, 3 … with `seq` ten times that, and the cursor on the last but `lag` of them. */
function take(rows: readonly Record<string, unknown>[], lag = 0): Command {
  const last = rows.length - lag;
  const cursor = { id: idOf(last), atMicros: toMicros(at(last)) ?? 0, seq: last * 10 };
  return {
    type: 'takeRows',
    opened: null,
    rows: rows.map((row, index) => classifyRow({ ...row, seq: (index + 1) * 10 }, OWN)),
    advanced: { cursor, floorMicros: 0 },
  };
}

const release = (number: number): Command => ({
  type: 'releaseMessage',
  activityId: idOf(number),
  outcomes: [],
});
const pop = (number: number): Command => ({ type: 'popMessage', activityId: idOf(number), by: 'pop' });
const chats = [chatRow(1, 'one'), chatRow(2, 'two'), chatRow(3, 'three')];

describe('what may be acknowledged', () => {
  it('is nothing before there is a cursor, and nothing without seq', () => {
    expect(ackableSeq(given().state)).toBeNull();
    const cursor = { id: idOf(1), atMicros: 1 };
    const advanced: DomainEvent = { type: 'cursor.advanced', data: { cursor, floorMicros: 0 } };
    expect(ackableSeq(given(opened, advanced).state)).toBeNull();
  });

  it('is the cursor, which lags behind the newest row, once everything was popped', () => {
    const popped = [1, 2, 3].flatMap((number) => [release(number), pop(number)]);
    expect(ackableSeq(given(opened).after(take(chats, 1), ...popped))).toBe(20);
  });

  it('stays below what waits at the barrier and in the inbox', () => {
    expect(ackableSeq(given(opened).after(take(chats), release(1), pop(1)))).toBe(19);
    expect(ackableSeq(given(opened).after(take(chats), release(1), pop(1), release(2)))).toBe(19);
    expect(ackableSeq(given(opened).after(take(chats)))).toBe(9);
  });

  it('stays below a file until the message that shows it was popped, and one told as missing is there', () => {
    const rows = [chatRow(1, 'before'), uploadRow(2, 1), chatRow(3, 'here it is')];
    const before = given(opened).after(take(rows.slice(0, 2)), release(1), pop(1));
    expect(ackableSeq(before)).toBe(19);
    const shown = given(opened).after(take(rows), release(1), pop(1), release(3));
    expect(ackableSeq(shown)).toBe(19);
    const popped = [take(rows), release(1), pop(1), release(3), pop(3)];
    expect(ackableSeq(given(opened).after(...popped))).toBe(19);
    const staged: Command = {
      type: 'settleUpload',
      fileId: idOf(1, 'file'),
      outcome: { status: 'staged', path: '/files/one', bytes: 3, mimeType: 'text/plain' },
      retryAtMs: 0,
    };
    const [taken, ...rest] = popped;
    if (taken) expect(ackableSeq(given(opened).after(taken, staged, ...rest))).toBe(30);
  });

  it('is nothing while a message waits that was read before the server had seq: after an upgrade', () => {
    const may: Command = {
      type: 'takeRows',
      opened: null,
      rows: [classifyRow(chats[0], OWN)],
      advanced: null,
    };
    const upgraded = [may, release(1), take(chats.slice(0, 2)), release(2), pop(2)];
    expect(ackableSeq(given(opened).after(...upgraded))).toBeNull();
    expect(ackableSeq(given(opened).after(...upgraded, pop(1)))).toBe(20);
  });

  it('is not held up by a request, which has no row', () => {
    const request = readRequest({ id: idOf(9), kind: 'task', created_at: at(1) });
    if (request === null) throw new Error('no request');
    const asked: Command = { type: 'takeRequests', open: [request] };
    expect(ackableSeq(given(opened).after(asked, take(chats.slice(0, 1)), release(1), pop(1)))).toBe(10);
  });

  it('is not held up by an answer that came after its call, which has no row; by a pushed one it is', () => {
    const message = {
      activity_id: idOf(9),
      text: 'done',
      peer_id: '',
      kind: 'delegation_result',
      method: 'delegate_result',
      created_at: at(1),
    } as const;
    const late: Command = { type: 'takeAnswer', message, atMicros: toMicros(at(1)) ?? 0 };
    expect(ackableSeq(given(opened).after(late, take(chats.slice(0, 1)), release(1), pop(1)))).toBe(10);
    const pushed = {
      ...chatRow(2, ''),
      method: 'delegate_result',
      source_id: OWN,
      response_body: { text: 'done', delegation_id: idOf(8) },
    };
    const popped = [
      take([chats[0] ?? {}, pushed, chatRow(3, 'three')]),
      release(1),
      pop(1),
      release(3),
      pop(3),
    ];
    expect(ackableSeq(given(opened).after(...popped, release(2)))).toBe(19);
    expect(ackableSeq(given(opened).after(...popped, release(2), pop(2)))).toBe(30);
  });

  it('survives a snapshot', () => {
    const state = given(opened).after(take(chats), release(1), pop(1));
    const restored = stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))));
    expect(restored && ackableSeq(restored)).toBe(19);
  });
});

describe('a machine that begins where another one stopped', () => {
  it('skips what that one acknowledged, and takes what is written late', () => {
    const begun: DomainEvent = {
      type: 'feed.opened',
      data: { floorMicros: 0, cursor: null, origin: 'unread', ackedSeq: 20 },
    };
    const late = { ...chatRow(1, 'older than what was read, and later'), seq: 40 };
    const rows = [late, { ...chatRow(2, 'read'), seq: 20 }, { ...chatRow(3, 'unread'), seq: 30 }];
    const events = given(begun).when({
      type: 'takeRows',
      opened: null,
      rows: rows.map((row) => classifyRow(row, OWN)),
      advanced: null,
    });
    expect(events.map(({ type }) => type)).toEqual(['message.received', 'row.skipped', 'message.received']);
    expect(events[1]).toMatchObject({ data: { reason: 'acknowledged' } });
  });
});
