import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../src/domain/events.ts';
import { isToAcknowledge, isWanted } from '../../../src/domain/files/upload.ts';
import type { Command } from '../../../src/domain/inbox/inbox-decide.ts';
import { stateFromJson, stateToJson } from '../../../src/domain/inbox/state-json.ts';
import { toMicros } from '../../../src/domain/time.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { given } from '../../support/given.ts';
import { at, chatRow, envelope, filePart, idOf, OWN, uploadRow } from '../../support/rows.ts';

const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: toMicros(at(0)) ?? 0, cursor: null, origin: 'backlog' },
};
const fileId = idOf(1, 'file');
const staged = { status: 'staged', path: '/files/1', bytes: 19, mimeType: '' } as const;
const missing = { status: 'pending', reason: 'still being fetched' } as const;
const cites = chatRow(2, '', { request_body: envelope([filePart(1)]) });
const stage: Command = { type: 'settleUpload', fileId, outcome: staged, retryAtMs: 0 };
const arrive: Command = { type: 'announceArrival', fileId, activityId: idOf(9), atMs: 1_000 };

function take(...rows: readonly unknown[]): Command {
  const classified = rows.map((row) => classifyRow(row, OWN));
  return { type: 'takeRows', rows: classified, opened: null, advanced: null };
}

function release(outcome: typeof staged | typeof missing, activityId = idOf(2)): Command {
  return { type: 'releaseMessage', activityId, outcomes: [{ fileId, outcome }] };
}

describe('a file that comes after its message was told as missing', () => {
  const late = [take(uploadRow(1, 1), cites), release(missing), stage];

  it('gets a message of its own, released at once and said once', () => {
    const state = given(opened).after(...late, arrive);
    const notice = state.inbox.get(idOf(9));
    expect(notice?.message).toMatchObject({
      kind: 'upload_notice',
      text: expect.stringContaining(idOf(2)),
      created_at: '1970-01-01T00:00:01.000Z',
    });
    expect(notice?.outcomes).toEqual([staged]);
    const again = given(opened).after(...late, arrive, { ...arrive, activityId: idOf(10) });
    expect([...again.inbox.keys()]).toEqual([idOf(2), idOf(9)]);
  });

  it('gets it also over a restart', () => {
    const before = given(opened).after(...late);
    const state = stateFromJson(JSON.parse(JSON.stringify(stateToJson(before))));
    expect(state?.uploads.get(fileId)?.missedBy).toBe(idOf(2));
  });

  it.each([
    ['is not here yet', [take(uploadRow(1, 1), cites), release(missing)]],
    ['was here in time', [take(uploadRow(1, 1), cites), stage, release(staged)]],
    ['came while the message was being released', [take(uploadRow(1, 1), cites), stage, release(missing)]],
    [
      'was shown by a later message',
      [...late, take(chatRow(3, '', { request_body: envelope([filePart(1)]) })), release(staged, idOf(3))],
    ],
  ] satisfies [string, Command[]][])('gets none when it %s', (_, commands) => {
    expect(
      given(opened)
        .after(...commands, arrive)
        .inbox.has(idOf(9)),
    ).toBe(false);
  });
});

describe('a staged file whose copy is gone', () => {
  it('is wanted again, and not acknowledged twice', () => {
    const lost: Command = { type: 'noteLost', fileId };
    const acknowledged: Command = { type: 'noteAcknowledged', fileId };
    const state = given(opened).after(take(uploadRow(1, 1), cites), stage, acknowledged, lost);
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(true);
    const back = given(opened).after(take(uploadRow(1, 1), cites), stage, acknowledged, lost, stage);
    const again = back.uploads.get(fileId);
    expect(again?.outcome).toEqual(staged);
    expect(again && isToAcknowledge(again)).toBe(false);
  });

  it('is lost only if it was staged', () => {
    expect(
      given(opened)
        .after(take(uploadRow(1, 1)), { type: 'noteLost', fileId })
        .uploads.get(fileId)?.outcome,
    ).toEqual(missing);
  });
});

describe('what was decided', () => {
  it('stays: a settled file takes no other outcome', () => {
    const gone: Command = {
      type: 'settleUpload',
      fileId,
      outcome: { status: 'expired', reason: 'too late' },
      retryAtMs: 0,
    };
    expect(
      given(opened)
        .after(take(uploadRow(1, 1)), stage, gone)
        .uploads.get(fileId)?.outcome,
    ).toEqual(staged);
  });

  it('is written once: a sending ends once', () => {
    const sent: Command = { type: 'noteSent', sendingId: 's1', fileIds: [fileId] };
    expect(given(opened).when(sent)).toEqual([]);
  });
});

describe('a forgotten file', () => {
  it('is announced anew when a message cites it', () => {
    const state = given(opened).after(
      take(uploadRow(1, 1)),
      stage,
      { type: 'noteDeleted', fileId },
      take(cites),
    );
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(true);
  });
});
