import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/domain/inbox/inbox-decide.ts';
import { decideRequests, readRequest } from '../../src/domain/inbox/requests.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { renderChannel, renderForReading } from '../../src/domain/rendering/render.ts';
import { given } from '../support/given.ts';
import { at, idOf, PEER } from '../support/rows.ts';

function open(number: number, over: Record<string, unknown> = {}) {
  const request = readRequest({
    id: idOf(number),
    kind: 'approval',
    requester_type: 'agent',
    requester_id: PEER,
    title: `request ${number}`,
    detail: null,
    status: 'pending',
    priority: 2,
    created_at: at(number),
    ...over,
  });
  if (request === null) throw new Error('no request');
  return request;
}

const take = (...requests: ReturnType<typeof open>[]) => ({ type: 'takeRequests', open: requests }) as const;
const pop = (number: number) => ({ type: 'popMessage', activityId: idOf(number), by: 'answer' }) as const;

describe('requests', () => {
  it('come once each, oldest first as handed in, and not again when they were popped', () => {
    const state = given().after(
      take(open(1), open(2)),
      take(open(1), open(2)),
      pop(1),
      take(open(1), open(2)),
    );
    expect([...state.inbox.keys()]).toEqual([idOf(2)]);
    expect(state.counts.received).toBe(2);
  });

  it('are remembered over a snapshot, and come again when they are opened anew', () => {
    const popped = given().after(take(open(1)), pop(1));
    const restored = stateFromJson(JSON.parse(JSON.stringify(stateToJson(popped))));
    if (restored === null) throw new Error('no state');
    expect(decideRequests([open(1)], restored)).toEqual([]);
    const reopened = given().after(take(open(1)), pop(1), take(), take(open(1)));
    expect([...reopened.inbox.keys()]).toEqual([idOf(1)]);
  });

  it('come again after a restart when they were popped and never answered, once a session', () => {
    const session: Command = {
      type: 'recordFact',
      fact: { type: 'session.opened', data: { session: 2 } },
    };
    const restarted = given().after(take(open(1), open(2)), pop(1), session, take(open(1), open(2)));
    expect([...restarted.inbox.keys()]).toEqual([idOf(2), idOf(1)]);
    const again = given().after(take(open(1)), pop(1), session, take(open(1)), pop(1), take(open(1)));
    expect(again.inbox.size).toBe(0);
    const answered = given().after(take(open(1)), pop(1), session, take());
    expect(answered.inbox.size).toBe(0);
  });

  it('are not forgotten while their message waits, so that they cannot come twice', () => {
    const state = given().after(take(open(1)), take(), take(open(1)), pop(1), take(open(1)));
    expect(state.inbox.size).toBe(0);
  });

  it('read what a stranger wrote as it is, and nothing that is no request', () => {
    expect(readRequest({ ...open(1), id: '../../etc' })).toBeNull();
    expect(readRequest({ ...open(1), kind: 'wish' })).toBeNull();
    expect(readRequest('request')).toBeNull();
    expect(open(1, { title: 7, detail: 'why' })).toMatchObject({ title: '', detail: 'why' });
    expect(open(1, { requester_type: 'user', requester_id: 'ann' }).requesterId).toBe('');
  });

  it('say how they are answered', () => {
    const state = given().after(take(open(1, { detail: 'to staging' })));
    const message = state.inbox.get(idOf(1))?.message;
    if (!message) throw new Error('no message');
    const push = renderChannel(message, 'https://plat.example');
    expect(push.content).toContain(`· request]\nrequest 1\n\nto staging\n`);
    expect(push.content).toContain(`respond_to_request({request_id: "${idOf(1)}", answer: "approved"})`);
    expect(push.meta).toMatchObject({ kind: 'request', request_kind: 'approval', peer_id: PEER });
    expect(renderForReading(message)).toContain('↩ Answer: respond_to_request');
  });
});
