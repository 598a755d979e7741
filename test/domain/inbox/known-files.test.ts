import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../src/domain/events.ts';
import { planForgetting } from '../../../src/domain/files/file-quota.ts';
import { isToAcknowledge } from '../../../src/domain/files/upload.ts';
import { type Command, decide } from '../../../src/domain/inbox/inbox-decide.ts';
import { toMicros } from '../../../src/domain/time.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { given } from '../../support/given.ts';
import { at, chatRow, envelope, filePart, idOf, OWN, uploadRow } from '../../support/rows.ts';

const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: toMicros(at(0)) ?? 0, cursor: null, origin: 'backlog' },
};
const fileId = idOf(1, 'file');
const staged: Command = {
  type: 'settleUpload',
  fileId,
  outcome: { status: 'staged', path: '/files/1', bytes: 19, mimeType: '' },
  retryAtMs: 0,
};
const own: readonly Command[] = [
  { type: 'noteSending', sendingId: 's1', files: [] },
  { type: 'noteSent', sendingId: 's1', fileIds: [fileId] },
];
const citing = (number: number) => chatRow(number, '', { request_body: envelope([filePart(1)]) });

function take(...rows: readonly unknown[]): Command {
  const classified = rows.map((row) => classifyRow(row, OWN));
  return { type: 'takeRows', rows: classified, opened: null, advanced: null };
}

describe("a file that turns out to be the agent's own", () => {
  it('W-39: is forgotten while it is not here, and no longer shown', () => {
    const state = given(opened).after(take(uploadRow(1, 1)), ...own);
    expect([state.uploads.size, state.unshownUploads.size]).toEqual([0, 0]);
  });

  it('W-39: is not acknowledged when it is here already, and its copy goes with age', () => {
    const state = given(opened).after(take(uploadRow(1, 1)), staged, ...own);
    const uploads = [...state.uploads.values()];
    expect(uploads.map(isToAcknowledge)).toEqual([false]);
    expect(state.unshownUploads.size).toBe(0);
    expect(decide({ type: 'announceLonelyUpload', fileId }, state)).toEqual([]);
    expect(planForgetting(uploads, new Set(), Date.now(), { maxAgeMs: 1, maxBytes: 1000 })).toEqual([fileId]);
  });
});

describe('a file that is known', () => {
  it('W-38: keeps what became of it, however often its row comes again', () => {
    const later = given(opened).after(take(uploadRow(1, 1)), staged, take(uploadRow(2, 1)));
    expect(later.uploads.get(fileId)?.outcome.status).toBe('staged');
    const together = given(opened).when(take(uploadRow(1, 1), uploadRow(2, 1)));
    expect(together.map(({ type }) => type)).toEqual(['upload.announced', 'row.skipped']);
  });

  it('W-43: keeps what became of it when a message cites it later', () => {
    const state = given(opened).after(take(uploadRow(1, 1)), staged, take(citing(2)), take(citing(3)));
    expect(state.uploads.get(fileId)?.outcome.status).toBe('staged');
    const twice = given(opened).when(take(citing(1), citing(2)));
    expect(twice.filter(({ type }) => type === 'upload.announced')).toHaveLength(1);
  });

  it("W-39: is not announced when it is the agent's own, by its row or by a message that cites it", () => {
    const state = given(opened).after(...own, take(uploadRow(1, 1), citing(2)));
    expect(state.uploads.size).toBe(0);
    expect(state.held.get(idOf(2))?.files).toMatchObject([{ fileId, cited: true }]);
  });
});
