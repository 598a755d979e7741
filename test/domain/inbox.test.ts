import { describe, expect, it } from 'vitest';
import type { DomainEvent, FeedPoint } from '../../src/domain/events.ts';
import type { Command } from '../../src/domain/inbox/inbox-decide.ts';
import { fold } from '../../src/domain/inbox/inbox-evolve.ts';
import { presentMessage } from '../../src/domain/inbox/present.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { toMicros } from '../../src/domain/time.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { given, stored } from '../support/given.ts';
import { at, chatRow, echoRow, envelope, filePart, idOf, OWN, PEER, uploadRow } from '../support/rows.ts';

const FLOOR = toMicros(at(0)) ?? 0;
const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: FLOOR, cursor: null, origin: 'backlog' },
};

function take(...rows: readonly unknown[]): Command & { type: 'takeRows' } {
  return {
    type: 'takeRows',
    rows: rows.map((row) => classifyRow(row, OWN)),
    opened: null,
    advanced: null,
  };
}

const typesOf = (events: readonly DomainEvent[]) => events.map((event) => event.type);

describe('taking rows', () => {
  it('receives a message and puts the cursor last', () => {
    const cursor: FeedPoint = { id: idOf(1), atMicros: FLOOR + 1_000_000 };
    const events = given(opened).when({
      ...take(chatRow(1, 'hello')),
      advanced: { cursor, floorMicros: FLOOR },
    });
    expect(typesOf(events)).toEqual(['message.received', 'cursor.advanced']);
    expect(events[0]).toMatchObject({
      data: { message: { activity_id: idOf(1), text: 'hello' }, conversation: 'canvas', files: [] },
    });
  });

  it('takes each row once, within a page and over pages', () => {
    const row = chatRow(1, 'hello');
    expect(typesOf(given(opened).when(take(row, row)))).toEqual(['message.received']);
    const state = given(opened).after(take(row), {
      type: 'releaseMessage',
      activityId: idOf(1),
      outcomes: [],
    });
    expect(state.inbox.size).toBe(1);
    const again = given(opened).after(
      take(row),
      { type: 'releaseMessage', activityId: idOf(1), outcomes: [] },
      { type: 'popMessage', activityId: idOf(1), by: 'pop' },
      take(row),
    );
    expect([again.inbox.size, again.held.size, again.counts.received]).toEqual([0, 0, 1]);
  });

  it('never lets the cursor and its floor go back, whichever of two reads comes to its end first', () => {
    const point = (seconds: number): FeedPoint => ({ id: idOf(seconds), atMicros: FLOOR + seconds * 1e6 });
    const state = given(opened).after(
      take(chatRow(1, 'read and popped')),
      { type: 'releaseMessage', activityId: idOf(1), outcomes: [] },
      { type: 'popMessage', activityId: idOf(1), by: 'pop' },
      { ...take(), advanced: { cursor: point(9), floorMicros: FLOOR + 2e6 } },
      { ...take(), advanced: { cursor: point(5), floorMicros: FLOOR } },
      take(chatRow(1, 'read and popped')),
    );
    expect(state.feed).toMatchObject({ cursor: point(9), floorMicros: FLOOR + 2e6 });
    expect([state.inbox.size, state.held.size, state.counts.received]).toEqual([0, 0, 1]);
  });

  it('passes over what is older than the floor', () => {
    expect(given(opened).when(take(chatRow(-5, 'from before')))).toEqual([]);
  });

  it('moves the cursor over a batch of only echoes', () => {
    const cursor: FeedPoint = { id: idOf(2), atMicros: FLOOR + 2_000_000 };
    const events = given(opened).when({
      ...take(echoRow(1), echoRow(2)),
      advanced: { cursor, floorMicros: FLOOR },
    });
    expect(typesOf(events)).toEqual(['row.skipped', 'row.skipped', 'cursor.advanced']);
  });

  it('counts what cannot be read, once, and goes on behind it', () => {
    const page = take(null, chatRow(2, 'behind'));
    const events = given(opened).when(page);
    expect(typesOf(events)).toEqual(['row.unreadable', 'message.received']);
    expect(typesOf(given(opened, ...events).when(page))).toEqual([]);
  });

  it('shows a chat the uploads before it and those it cites, each once', () => {
    const text = chatRow(3, '', {
      request_body: envelope([{ kind: 'text', text: 'two files' }, filePart(2)]),
    });
    const events = given(opened).when(take(uploadRow(1, 1), uploadRow(2, 2), text, chatRow(4, 'next')));
    expect(typesOf(events)).toEqual([
      'upload.announced',
      'upload.announced',
      'message.received',
      'message.received',
    ]);
    expect(events[2]).toMatchObject({
      data: {
        files: [
          { fileId: idOf(2, 'file'), cited: true },
          { fileId: idOf(1, 'file'), cited: false },
        ],
      },
    });
    expect(events[3]).toMatchObject({ data: { files: [] } });
  });

  it("lets a peer's message pass the canvas's uploads", () => {
    const events = given(opened).when(take(uploadRow(1, 1), chatRow(2, 'peer', { source_id: PEER })));
    expect(events[1]).toMatchObject({ type: 'message.received', data: { conversation: PEER, files: [] } });
  });

  it('announces a file that is cited before its row, and knows the row when it comes', () => {
    const cites = chatRow(1, '', { request_body: envelope([filePart(9)]) });
    const events = given(opened).when(take(cites, uploadRow(2, 9)));
    expect(typesOf(events)).toEqual(['upload.announced', 'message.received', 'row.skipped']);
  });

  it("leaves the agent's own uploads alone (W-39)", () => {
    const own: DomainEvent = { type: 'upload.created', data: { fileId: idOf(1, 'file') } };
    expect(given(opened, own).when(take(uploadRow(1, 1)))).toMatchObject([
      { type: 'row.skipped', data: { reason: 'own_upload' } },
    ]);
  });

  it('forgets row ids below the floor when the cursor advances, so that memory stays bounded', () => {
    const floorMicros = FLOOR + 2_000_000;
    const state = given(opened).after(take(chatRow(1, 'a'), chatRow(2, 'b'), chatRow(3, 'c')), {
      ...take(),
      advanced: { cursor: { id: idOf(3), atMicros: FLOOR + 3_000_000 }, floorMicros },
    });
    expect(state.seen.toArrays().ids).toEqual([idOf(2), idOf(3)]);
  });

  it('drops only the cursor when it has expired (protocol.md §13)', () => {
    const expired: DomainEvent = { type: 'feed.cursorExpired', data: { cursorId: idOf(1) } };
    const taken = given(opened).when(take(chatRow(1, 'a')));
    const popped: DomainEvent = { type: 'message.popped', data: { activityId: idOf(1), by: 'pop' } };
    const test = given(opened, ...taken, popped, expired);
    expect(test.state.feed).toMatchObject({ cursor: null, floorMicros: FLOOR });
    // W-6: what was handled does not come back.
    expect(test.when(take(chatRow(1, 'a')))).toEqual([]);
  });
});

describe('a late answer of a peer', () => {
  it('is a message of its own, in the inbox at once', () => {
    const message = {
      activity_id: idOf(1),
      text: 'done',
      peer_id: '',
      kind: 'delegation_result',
      method: 'delegate_result',
      created_at: at(1),
    } as const;
    const state = given(opened).after({ type: 'takeAnswer', message, atMicros: FLOOR });
    expect([...state.inbox.values()].map((waiting) => waiting.message)).toEqual([message]);
  });
});

describe('files of a message', () => {
  const held = take(
    uploadRow(1, 1),
    chatRow(2, 'see', { request_body: envelope([{ kind: 'text', text: 'see' }, filePart(1)]) }),
  );
  const fileId = idOf(1, 'file');
  const staged = { status: 'staged', path: '/files/a b.txt', bytes: 19, mimeType: 'text/plain' } as const;

  it('are shown with their path once staged', () => {
    const state = given(opened).after(
      held,
      { type: 'settleUpload', fileId, outcome: staged, retryAtMs: 0 },
      { type: 'releaseMessage', activityId: idOf(2), outcomes: [{ fileId, outcome: staged }] },
    );
    const waiting = state.inbox.get(idOf(2));
    expect(waiting && presentMessage(waiting, state, null).attachments).toEqual([
      {
        uri: 'workspace:/files/a b.txt',
        status: 'staged',
        name: 'file-1.txt',
        mimeType: 'text/plain',
        size: 19,
        path: '/files/a b.txt',
        file_url: 'file:///files/a%20b.txt',
      },
    ]);
  });

  it('are shown as they stand by now, when they came after the message', () => {
    const pending = { status: 'pending', reason: 'still being fetched' } as const;
    const state = given(opened).after(
      held,
      { type: 'releaseMessage', activityId: idOf(2), outcomes: [{ fileId, outcome: pending }] },
      { type: 'settleUpload', fileId, outcome: { status: 'failed', reason: 'no' }, retryAtMs: 5 },
    );
    const show = () => {
      const waiting = state.inbox.get(idOf(2));
      return waiting && presentMessage(waiting, state, OWN).attachments?.[0]?.status;
    };
    expect(show()).toBe('failed');
    expect(state.uploads.get(fileId)).toMatchObject({ attempts: 1, retryAtMs: 5 });
    const later = given(opened).after(
      held,
      { type: 'releaseMessage', activityId: idOf(2), outcomes: [] },
      { type: 'settleUpload', fileId, outcome: staged, retryAtMs: 0 },
    );
    const waiting = later.inbox.get(idOf(2));
    expect(waiting && presentMessage(waiting, later, null).attachments?.[0]).toMatchObject({
      status: 'staged',
    });
  });

  it('settle once', () => {
    const settle = { type: 'settleUpload', fileId, outcome: staged, retryAtMs: 0 } as const;
    expect(typesOf(given(opened).when(settle))).toEqual([]);
    const state = given(opened).after(held, settle, settle);
    expect(state.uploads.get(fileId)?.outcome).toEqual(staged);
  });

  it('get a message of their own when no chat follows', () => {
    const past = given(opened).when(take(uploadRow(1, 1)));
    const events = given(opened, ...past).when({ type: 'announceLonelyUpload', fileId });
    expect(events).toMatchObject([
      { type: 'message.received', data: { message: { activity_id: idOf(1), kind: 'upload_notice' } } },
    ]);
    expect(given(opened, ...past, ...events).when({ type: 'announceLonelyUpload', fileId })).toEqual([]);
  });
});

describe('popping', () => {
  it('forgets a released message, once, and nothing else', () => {
    const release = { type: 'releaseMessage', activityId: idOf(1), outcomes: [] } as const;
    const pop = { type: 'popMessage', activityId: idOf(1), by: 'pop' } as const;
    expect(given(opened).when(pop)).toEqual([]);
    const state = given(opened).after(take(chatRow(1, 'one'), chatRow(2, 'two')), release, pop, pop);
    expect([...state.held.keys()]).toEqual([idOf(2)]);
    expect([state.inbox.size, state.counts.popped, state.bodyChars]).toEqual([0, 1, 3]);
  });
});

describe('redelivery', () => {
  it('marks what was offered in an earlier session', () => {
    const past: DomainEvent[] = [{ type: 'session.opened', data: { session: 1 } }, opened];
    const state = given(...past).after(
      take(chatRow(1, 'one')),
      { type: 'releaseMessage', activityId: idOf(1), outcomes: [] },
      { type: 'noteOffers', activityIds: [idOf(1), idOf(2)] },
      { type: 'recordFact', fact: { type: 'session.opened', data: { session: 2 } } },
    );
    const waiting = state.inbox.get(idOf(1));
    expect(waiting && presentMessage(waiting, state, null).redelivered).toBe(true);
  });
});

describe('facts', () => {
  it('are recorded when they change something, not each time they are told', () => {
    const refused: DomainEvent = { type: 'token.refused', data: { during: 'heartbeat', status: 401 } };
    expect(given().when({ type: 'recordFact', fact: refused })).toEqual([refused]);
    expect(given(refused).when({ type: 'recordFact', fact: refused })).toEqual([]);
  });

  it('tell of a registration again once the token had been refused', () => {
    const registered: DomainEvent = { type: 'workspace.registered', data: { deliveryMode: 'poll' } };
    expect(given(registered).when({ type: 'recordFact', fact: registered })).toEqual([]);
    const refused: DomainEvent = { type: 'token.refused', data: { during: 'feed', status: 401 } };
    expect(given(registered, refused).when({ type: 'recordFact', fact: registered })).toEqual([registered]);
  });
});

describe('the state as JSON', () => {
  it('survives the way through text, and folds on from there as from the log', () => {
    const events: DomainEvent[] = [];
    const test = given(opened);
    for (const command of [
      take(uploadRow(1, 1), chatRow(2, 'a'), chatRow(3, 'b', { source_id: PEER })),
      { type: 'releaseMessage', activityId: idOf(3), outcomes: [] },
      { type: 'noteSending', sendingId: 's1', files: [{ name: 'a.txt', size: 3 }] },
      { type: 'noteSending', sendingId: 's2', files: [{ name: 'b.txt', size: 3 }] },
      { type: 'noteSent', sendingId: 's1', fileIds: [idOf(8, 'file')] },
    ] satisfies Command[]) {
      const more = given(opened, ...events).when(command);
      events.push(...more);
    }
    const log = [opened, ...events].map((event, index) => stored(event, index + 1));
    const whole = fold(log);
    const half = fold(log.slice(0, 3));
    const restored = stateFromJson(JSON.parse(JSON.stringify(stateToJson(half))));
    expect(restored && stateToJson(fold(log.slice(3), restored))).toEqual(stateToJson(whole));
    expect(test.state.seq).toBe(1);
  });

  it.each([null, 5, {}, { version: 2 }, { version: 1, seq: 1 }])('refuses %j', (json) => {
    expect(stateFromJson(json)).toBeNull();
  });
});
