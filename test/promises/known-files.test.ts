import { expect, it } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { type Command, decide } from '../../src/domain/inbox/inbox-decide.ts';
import type { InboxState } from '../../src/domain/inbox/inbox-state.ts';
import { presentMessage } from '../../src/domain/inbox/present.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { apply, given } from '../support/given.ts';
import { chatRow, envelope, filePart, idOf, OWN, uploadRow } from '../support/rows.ts';

const opened: DomainEvent = {
  type: 'feed.opened',
  data: { floorMicros: 0, cursor: null, origin: 'backlog' },
};
const numbers = Array.from({ length: 1100 }, (_, index) => index + 1);

function take(...rows: readonly unknown[]): Command {
  return { type: 'takeRows', rows: rows.map((row) => classifyRow(row, OWN)), opened: null, advanced: null };
}

function restart(state: InboxState): InboxState {
  const restored = stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))));
  if (!restored) throw new Error('the state cannot be read again');
  return restored;
}

it('C7-15: the first of 1,100 staged files is still found by a message that cites it after a restart', () => {
  const shared = [...numbers.map((number) => uploadRow(number, number)), chatRow(1500, 'all of them')];
  const staged = apply(
    given(opened).after(take(...shared)),
    numbers.map((number) => ({
      type: 'upload.staged',
      data: { fileId: idOf(number, 'file'), path: `/files/${number}`, bytes: 19, mimeType: 'text/plain' },
    })),
  );
  const parts = [{ kind: 'text', text: 'the first one' }, filePart(1)];
  const state = [
    take(chatRow(2000, '', { request_body: envelope(parts) })),
    { type: 'releaseMessage', activityId: idOf(2000), outcomes: [] } as const,
  ].reduce((now, command) => apply(now, decide(command, now)), restart(staged));

  const waiting = state.inbox.get(idOf(2000));
  expect(waiting && presentMessage(waiting, state, null).attachments).toMatchObject([
    { status: 'staged', path: '/files/1' },
  ]);
});
