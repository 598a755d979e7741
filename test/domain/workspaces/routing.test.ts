import { describe, expect, it } from 'vitest';
import type { InboxMessage, MessageKind } from '../../../src/domain/message.ts';
import { AgentError } from '../../../src/domain/ports/agent.ts';
import {
  type Answered,
  routeAll,
  routeOne,
  routeToPeer,
  routeToUser,
} from '../../../src/domain/workspaces/routing.ts';

const HOME = { id: '11111111-1111-4111-8111-111111111111', platformUrl: 'https://home.example' };
const WORK = { id: '22222222-2222-4222-8222-222222222222', platformUrl: 'https://work.example' };
const PEER = '33333333-3333-4333-8333-333333333333';
const OTHER = '44444444-4444-4444-8444-444444444444';
const both = [HOME, WORK];

function answered(kind: MessageKind, workspaceId: string, peerId = ''): Answered {
  const message: InboxMessage = {
    activity_id: 'row-1',
    text: 'hi',
    peer_id: peerId,
    kind,
    method: 'message/send',
    created_at: '2026-05-05T00:00:00Z',
  };
  return { workspaceId, message };
}

function refusal(act: () => unknown): AgentError {
  try {
    act();
  } catch (error) {
    if (error instanceof AgentError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('routeToUser (W-9)', () => {
  it('answers where the message arrived', () => {
    expect(routeToUser({ answered: answered('canvas_user', WORK.id) }, both)).toBe(WORK.id);
    expect(routeToUser({ answered: answered('delegation_result', WORK.id) }, both)).toBe(WORK.id);
  });

  it('takes the named workspace, in any case, else the only one', () => {
    expect(routeToUser({ workspaceId: ` ${WORK.id.toUpperCase()} ` }, both)).toBe(WORK.id);
    expect(routeToUser({}, [HOME])).toBe(HOME.id);
    expect(routeToUser({ workspaceId: '' }, [HOME])).toBe(HOME.id);
  });

  it('never falls back to the first of several: refuses with the list', () => {
    const { advice } = refusal(() => routeToUser({}, both));
    expect(advice).toContain(HOME.id);
    expect(advice).toContain(WORK.id);
    expect(advice).toContain('reply_to, or workspace_id');
  });

  it('refuses a workspace that is not configured, also when there is only one', () => {
    expect(refusal(() => routeToUser({ workspaceId: OTHER }, [HOME])).advice).toContain(HOME.id);
  });

  it('refuses a name that contradicts the message answered', () => {
    const request = { workspaceId: HOME.id, answered: answered('canvas_user', WORK.id) };
    expect(refusal(() => routeToUser(request, both)).message).toContain(WORK.id);
  });

  it('does not tell a user what a peer asked', () => {
    const request = { answered: answered('peer_agent', WORK.id, PEER) };
    expect(refusal(() => routeToUser(request, both)).advice).toContain('delegate_task');
  });
});

describe('routeToPeer', () => {
  const base = { peerId: PEER, knownThrough: [] };

  it('answers the sender where his message arrived, named or not', () => {
    const message = answered('peer_agent', WORK.id, PEER.toUpperCase());
    const route = { peerId: PEER, sourceWorkspaceId: WORK.id };
    expect(routeToPeer({ ...base, peerId: '', answered: message }, both)).toEqual(route);
    expect(routeToPeer({ ...base, answered: message }, both)).toEqual(route);
  });

  it('refuses to send the answer to anybody else', () => {
    const message = answered('peer_agent', WORK.id, PEER);
    expect(refusal(() => routeToPeer({ ...base, peerId: OTHER, answered: message }, both)).message).toContain(
      PEER,
    );
  });

  it('refuses to answer a user as if he were a peer', () => {
    const message = answered('canvas_user', WORK.id);
    expect(refusal(() => routeToPeer({ ...base, answered: message }, both)).advice).toContain(
      'send_message_to_user',
    );
  });

  it('leaves by the only workspace, the named one, or the single one that knows the peer', () => {
    expect(routeToPeer(base, [HOME]).sourceWorkspaceId).toBe(HOME.id);
    expect(routeToPeer({ ...base, sourceWorkspaceId: WORK.id }, both).sourceWorkspaceId).toBe(WORK.id);
    expect(routeToPeer({ ...base, knownThrough: [WORK.id] }, both).sourceWorkspaceId).toBe(WORK.id);
  });

  it('refuses when no workspace or several know the peer', () => {
    expect(refusal(() => routeToPeer(base, both)).advice).toContain('source_workspace_id');
    const { message } = refusal(() => routeToPeer({ ...base, knownThrough: [HOME.id, WORK.id] }, both));
    expect(message).toContain('several');
  });

  it.each(['', 'anna', '../admin', `${PEER}/x`, 'x'.repeat(1000)])('refuses the peer %j', (peerId) => {
    expect(refusal(() => routeToPeer({ ...base, peerId }, [HOME])).advice).toContain('list_peers');
  });

  it('refuses to delegate to itself', () => {
    expect(refusal(() => routeToPeer({ ...base, peerId: HOME.id }, [HOME])).message).toContain('itself');
  });
});

describe('routeOne and routeAll', () => {
  it('one: named, or the only one', () => {
    expect(routeOne(undefined, [HOME])).toBe(HOME.id);
    expect(routeOne(WORK.id, both)).toBe(WORK.id);
    const { advice } = refusal(() => routeOne(undefined, both));
    expect(advice).toContain('source_workspace_id');
    // Whoever asks so has nothing to reply to.
    expect(advice).not.toContain('reply_to');
  });

  it('all: named, or every one', () => {
    expect(routeAll(undefined, both)).toEqual(both);
    expect(routeAll(WORK.id, both)).toEqual([WORK]);
    expect(refusal(() => routeAll(OTHER, both)).advice).toContain(WORK.id);
  });
});
