import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../src/domain/events.ts';
import { isUnshown, isWanted } from '../../../src/domain/files/upload.ts';
import { decide } from '../../../src/domain/inbox/inbox-decide.ts';
import { stateFromJson, stateToJson } from '../../../src/domain/inbox/state-json.ts';
import { toMicros } from '../../../src/domain/time.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { given } from '../../support/given.ts';
import { at, idOf, OWN, uploadRow } from '../../support/rows.ts';

const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: toMicros(at(0)) ?? 0, cursor: null, origin: 'backlog' },
};
const rows = [uploadRow(1, 1), uploadRow(2, 2)].map((row) => classifyRow(row, OWN));

describe('a compacted log of before own files were suspected', () => {
  const before = given(opened, { type: 'upload.created', data: { fileId: idOf(2, 'file') } });
  const state = before.after({ type: 'takeRows', rows: rows.slice(0, 1), opened: null, advanced: null });
  const { sendings: _, ...json } = JSON.parse(JSON.stringify(stateToJson(state)));
  for (const upload of json.uploads) {
    delete upload.sendingId;
    delete upload.missedBy;
  }
  const restored = stateFromJson(json);

  it('is read, and its files go on being fetched and shown', () => {
    const upload = restored?.uploads.get(idOf(1, 'file'));
    expect(upload && isWanted(upload) && isUnshown(upload)).toBe(true);
    expect(restored?.unshownUploads.size).toBe(1);
  });

  it("W-39: still knows the agent's own files", () => {
    if (!restored) throw new Error('it was not read');
    const events = decide({ type: 'takeRows', rows, opened: null, advanced: null }, restored);
    expect(events).toMatchObject([{ type: 'row.skipped', data: { reason: 'own_upload' } }]);
  });
});
