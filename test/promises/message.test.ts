import { describe, expect, it } from 'vitest';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { at, chatRow, envelope, idOf, OWN, PEER } from '../support/rows.ts';

function messageOf(row: unknown) {
  const classified = classifyRow(row, OWN);
  return classified.kind === 'chat' ? classified.message : classified;
}

describe('a message', () => {
  it('C1-28, C1-29: has the fields of the reference, each taken from its row', () => {
    expect(messageOf(chatRow(1, 'hello', { source_id: PEER }))).toEqual({
      activity_id: idOf(1),
      text: 'hello',
      peer_id: PEER,
      kind: 'peer_agent',
      method: 'message/send',
      created_at: at(1),
    });
  });

  it.each([null, undefined, ''])(
    'C1-29: nobody (%j) is the canvas user, and no method is an empty one',
    (nobody) => {
      expect(messageOf(chatRow(1, 'hello', { source_id: nobody, method: nobody }))).toMatchObject({
        peer_id: '',
        kind: 'canvas_user',
        method: '',
      });
    },
  );

  it('C1-30: a body that is a JSON string is decoded; one that is no JSON counts as absent', () => {
    const body = envelope([{ kind: 'text', text: 'inside' }]);
    expect(messageOf(chatRow(1, '', { request_body: JSON.stringify(body) }))).toMatchObject({
      text: 'inside',
    });
    expect(messageOf(chatRow(1, '', { request_body: '{not json', summary: 'outside' }))).toMatchObject({
      text: 'outside',
    });
  });
});
