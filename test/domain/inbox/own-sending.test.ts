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
const sending: Command = {
  type: 'noteSending',
  sendingId: 's1',
  files: [{ name: 'file-1.txt', size: 19 }],
};
const fileId = idOf(1, 'file');
const staged = { status: 'staged', path: '/files/1', bytes: 19, mimeType: '' } as const;

function take(...rows: readonly unknown[]): Command {
  const classified = rows.map((row) => classifyRow(row, OWN));
  return { type: 'takeRows', rows: classified, opened: null, advanced: null };
}

describe('a row that looks like a file on its way up (W-39)', () => {
  it('is left alone: not fetched, shown with no chat, announced to nobody', () => {
    const state = given(opened).after(sending, take(uploadRow(1, 1), chatRow(2, 'hello')));
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(false);
    expect(state.held.get(idOf(2))?.files).toEqual([]);
    const after = given(opened).after(sending, take(uploadRow(1, 1)));
    expect(after.unshownUploads.size).toBe(0);
    const lonely = given(opened).after(sending, take(uploadRow(1, 1)), {
      type: 'announceLonelyUpload',
      fileId,
    });
    expect(lonely.held.size).toBe(0);
  });

  it('is gone once the reply has named it', () => {
    const sent: Command = { type: 'noteSent', sendingId: 's1', fileIds: [fileId] };
    const state = given(opened).after(sending, take(uploadRow(1, 1)), sent, take(uploadRow(2, 1)));
    expect([state.uploads.size, state.sendings.size]).toEqual([0, 0]);
    expect(state.ownUploads.has(fileId)).toBe(true);
  });

  it("is the user's once the reply has named others", () => {
    const sent: Command = { type: 'noteSent', sendingId: 's1', fileIds: [idOf(9, 'file')] };
    const state = given(opened).after(sending, take(uploadRow(1, 1)), sent);
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(true);
    expect(state.unshownUploads.has(fileId)).toBe(true);
  });

  it('stays left alone over a restart, when no reply ever came', () => {
    const before = given(opened).after(sending);
    const state = stateFromJson(JSON.parse(JSON.stringify(stateToJson(before))));
    expect(state?.sendings.size).toBe(1);
    const after = given(opened).after(sending, take(uploadRow(1, 1)));
    const restored = stateFromJson(JSON.parse(JSON.stringify(stateToJson(after))));
    const upload = restored?.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(false);
    expect(restored?.unshownUploads.size).toBe(0);
  });

  it('is fetched for a message that cites it, and its copy stays with the platform', () => {
    const cites = chatRow(2, '', { request_body: envelope([filePart(1)]) });
    const state = given(opened).after(sending, take(uploadRow(1, 1), cites));
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(true);
    const after = given(opened).after(sending, take(uploadRow(1, 1), cites), {
      type: 'settleUpload',
      fileId,
      outcome: staged,
      retryAtMs: 0,
    });
    const settled = after.uploads.get(fileId);
    expect(settled && isToAcknowledge(settled)).toBe(false);
  });

  it('is not one that a message cites without a row: it is acknowledged like any other', () => {
    const cites = chatRow(2, '', { request_body: envelope([filePart(1)]) });
    expect(given(opened).after(sending, take(cites)).uploads.get(fileId)?.sendingId).toBeNull();
  });

  it.each([
    ['another size', { request_body: { ...uploadRow(1, 1).request_body, size: 20 } }],
    ['another name', { request_body: { ...uploadRow(1, 1).request_body, name: 'other.txt' } }],
    ['a time at which the platform has forgotten it', { created_at: at(25 * 3600) }],
  ])('has neither %s', (_, over) => {
    const state = given(opened).after(sending, take(uploadRow(1, 1, over)));
    const upload = state.uploads.get(fileId);
    expect(upload && isWanted(upload)).toBe(true);
  });

  it('is one, not more than were sent', () => {
    const rows = [uploadRow(1, 1), uploadRow(2, 2)].map((row) => ({
      ...row,
      request_body: { ...row.request_body, name: 'file-1.txt' },
    }));
    const wanted = (state: ReturnType<typeof apart>) => [...state.uploads.values()].map(isWanted);
    const apart = () => given(opened).after(sending, ...rows.map((row) => take(row)));
    expect(wanted(given(opened).after(sending, take(...rows)))).toEqual([false, true]);
    expect(wanted(apart())).toEqual([false, true]);
  });
});
