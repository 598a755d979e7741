import { expect } from 'vitest';
import type { RequestMatch } from '../../src/local-platform/request-log.ts';
import type { TestWorkspace } from './local-platform.ts';

/** What a case may refer to: one bridge's surroundings, prepared by the test. */
export interface ToolWorld {
  readonly own: TestWorkspace;
  readonly peer: TestWorkspace;
  /** A message that waits, for whoever pops it. */
  readonly messageId: string;
  /** An open request, on a server that has requests. */
  readonly requestId: string;
}

/** One tool in the five situations that a call can meet. */
export interface ToolCase {
  readonly name: string;
  /** Whose server has what it needs; the server of August knows requests, May's keeps memories. */
  readonly on: 'may' | 'head';
  readonly args: (world: ToolWorld) => Record<string, unknown>;
  /** What a successful call gives. */
  readonly gives: (world: ToolWorld) => unknown;
  /** Arguments that it refuses, and a word of why. */
  readonly refuses: readonly [args: Record<string, unknown>, why: string];
  /** The request that it makes; null for a tool that asks nothing of the platform: it cannot fail there, nor be late. */
  readonly asks: ((world: ToolWorld) => RequestMatch) | null;
  /** What a platform that does not answer comes to, where that is no refusal. */
  readonly givesLate?: unknown;
  /** What the refusal says otherwise, where it is one of its own. */
  readonly refusesLate?: string;
  /** A cancelled call leaves the request alone: it may have been carried out, so its reply is waited for. */
  readonly goesOn?: true;
}

const NOT_OWN = { workspace_id: 'ffffffff-0000-4000-8000-000000000000' };
const NOT_OWN_SOURCE = { source_workspace_id: NOT_OWN.workspace_id };
const ANY_ID = expect.stringMatching(/^[0-9a-f-]{36}$/);

/** Every tool. */
export const toolCases: readonly ToolCase[] = [
  {
    name: 'wait_for_message',
    on: 'may',
    args: () => ({ timeout_secs: 5 }),
    gives: () => expect.objectContaining({ text: 'the first' }),
    refuses: [{}, 'no refusal: every timeout_secs means something'],
    asks: null,
  },
  {
    name: 'inbox_peek',
    on: 'may',
    args: () => ({ limit: 1 }),
    gives: () => ({ messages: [expect.objectContaining({ text: 'the first' })], total: 2, has_more: true }),
    refuses: [{ workspace_id: 5 }, 'workspace_id'],
    asks: null,
  },
  {
    name: 'inbox_pop',
    on: 'may',
    args: ({ messageId }) => ({ activity_id: messageId }),
    gives: ({ messageId }) => ({ removed: true, activity_id: messageId, waiting: 1 }),
    refuses: [{}, 'activity_id'],
    asks: null,
  },
  {
    name: 'inbox_status',
    on: 'may',
    args: () => ({}),
    gives: () => expect.objectContaining({ workspaces: [expect.objectContaining({ online: true })] }),
    refuses: [{}, 'no refusal: it takes no arguments'],
    asks: null,
  },
  {
    name: 'inbox_claim',
    on: 'may',
    args: ({ own }) => ({ workspace_id: own.id }),
    gives: () => expect.objectContaining({ claimed: true }),
    refuses: [NOT_OWN, 'not a workspace of this window'],
    asks: null,
  },
  {
    name: 'inbox_watch',
    on: 'may',
    args: () => ({}),
    gives: () => expect.objectContaining({ recordings: [], inspector_url: null, stately_url: null }),
    refuses: [{ record: '/etc/passwd' }, 'record'],
    asks: null,
  },
  {
    name: 'send_message_to_user',
    on: 'may',
    args: () => ({ message: 'hello' }),
    gives: ({ own }) => expect.objectContaining({ sent: true, workspace_id: own.id, popped: null }),
    refuses: [{ message: 'hello', ...NOT_OWN }, 'workspace'],
    asks: () => 'POST /workspaces/:id/notify',
    refusesLate: 'The platform did not confirm the message to the user',
    goesOn: true,
  },
  {
    name: 'delegate_task',
    on: 'may',
    args: ({ peer }) => ({ workspace_id: peer.id, task: 'count' }),
    gives: ({ own }) => expect.objectContaining({ status: 'accepted', source_workspace_id: own.id }),
    refuses: [{ workspace_id: 'nobody', task: 'count' }, 'nobody'],
    asks: () => 'POST /workspaces/:id/a2a',
    givesLate: expect.objectContaining({ status: 'waiting', delegation_id: ANY_ID }),
    goesOn: true,
  },
  {
    name: 'delegate_task_async',
    on: 'may',
    args: ({ peer }) => ({ workspace_id: peer.id, task: 'count' }),
    gives: () => expect.objectContaining({ delegation_id: ANY_ID, repeated: false }),
    refuses: [{ workspace_id: 'nobody', task: 'count' }, 'nobody'],
    asks: () => 'POST /workspaces/:id/delegate',
    refusesLate: 'the platform may have taken the task',
  },
  {
    name: 'check_task_status',
    on: 'may',
    args: () => ({ task_id: 'd-0' }),
    gives: () => expect.objectContaining({ status: 'not_found', delegation_id: 'd-0' }),
    refuses: [NOT_OWN_SOURCE, 'workspace'],
    asks: () => 'GET /workspaces/:id/delegations',
  },
  {
    name: 'list_peers',
    on: 'may',
    args: () => ({}),
    gives: ({ peer, own }) =>
      expect.objectContaining({
        peers: [expect.objectContaining({ id: peer.id, via: own.id })],
        failures: [],
      }),
    refuses: [NOT_OWN_SOURCE, 'workspace'],
    asks: () => 'GET /registry/:id/peers',
  },
  {
    name: 'get_workspace_info',
    on: 'may',
    args: () => ({}),
    gives: ({ own }) => expect.objectContaining({ id: own.id, name: own.name }),
    refuses: [NOT_OWN_SOURCE, 'workspace'],
    asks: () => 'GET /workspaces/:id',
  },
  {
    name: 'chat_history',
    on: 'may',
    args: () => ({ peer_id: 'user' }),
    gives: () =>
      expect.objectContaining({
        rows: expect.arrayContaining([expect.objectContaining({ text: 'the first' })]),
      }),
    refuses: [{ peer_id: 'user', before_ts: 'yesterday' }, 'before_ts'],
    asks:
      () =>
      ({ route, query }) =>
        route === 'GET /workspaces/:id/activity' && query.get('source') === 'canvas',
  },
  {
    name: 'commit_memory',
    on: 'may',
    args: () => ({ content: 'tea at four' }),
    gives: () => expect.objectContaining({ success: true, scope: 'LOCAL' }),
    refuses: [{ content: ' ' }, 'content'],
    asks: () => 'POST /workspaces/:id/memories',
    refusesLate: 'it may be remembered',
  },
  {
    name: 'recall_memory',
    on: 'may',
    args: () => ({}),
    gives: () => expect.objectContaining({ memories: expect.any(Array) }),
    refuses: [{ query: 5 }, 'query'],
    asks: () => 'GET /workspaces/:id/memories',
  },
  {
    name: 'list_requests',
    on: 'head',
    args: () => ({}),
    gives: ({ requestId }) =>
      expect.objectContaining({ requests: [expect.objectContaining({ id: requestId })], failures: [] }),
    refuses: [NOT_OWN_SOURCE, 'workspace'],
    asks: () => 'GET /workspaces/:id/requests/inbox',
  },
  {
    name: 'respond_to_request',
    on: 'head',
    args: ({ requestId }) => ({ request_id: requestId, answer: 'done' }),
    gives: () => expect.objectContaining({ status: 'done' }),
    refuses: [{ request_id: 'x', answer: 'done' }, 'no request'],
    asks: () => 'GET /workspaces/:id/requests/:requestId',
  },
];
