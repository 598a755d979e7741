import { describe, expect, it } from 'vitest';
import { messageOf, type RequestAnswer, readRequest } from '../../src/domain/inbox/requests.ts';
import { dropConnection, serverError, unavailable } from '../../src/local-platform/faults/fault.ts';
import { createRequests } from '../../src/requests/requests.ts';
import { calmly, openDesk, refusalOf } from '../outbox/desk.ts';
import { startTestPlatform } from '../support/local-platform.ts';

const WRITE_WORDS = 'POST /workspaces/:id/requests/:requestId/messages';
const WRITE_ANSWER = 'POST /workspaces/:id/requests/:requestId/respond';
const LOOK = 'GET /workspaces/:id/requests/:requestId';

/** An agent that was asked something by a peer, on a server that knows requests; the message of it waits. */
async function openAsked(kind: 'task' | 'approval' = 'task') {
  const local = await startTestPlatform({ profile: 'head' });
  const desk = await openDesk(local);
  const { own } = desk;
  const peer = local.createWorkspace({ name: 'asker' });
  const as = async (workspace: { id: string; token: string }, path: string, json?: object) => {
    const response = await fetch(`${local.url}/workspaces/${workspace.id}/requests${path}`, {
      method: json ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${workspace.token}` },
      ...(json ? { body: JSON.stringify(json) } : {}),
    });
    return (await response.json()) as Shown & { request_id: string };
  };
  const question = { kind, recipient_type: 'agent', recipient_id: own.id, title: 'look at this' };
  const { request_id: id } = await as(peer, '', question);
  const stands = () => as(peer, `/${id}`);
  const request = readRequest((await stands()).request);
  if (!request) throw new Error('no request');
  const { ledger } = own;
  await ledger.commit({ type: 'takeAnswer', message: messageOf(request), atMicros: Date.now() * 1000 });
  const requests = createRequests({
    workspaces: desk.workspaces,
    inbox: {
      find: async (activityId) => desk.inbox.find(activityId),
      popAnswered: async (_, activityId) => (await desk.inbox.pop(activityId, 'answer')).removed,
    },
  });
  return {
    local,
    id,
    waits: () => ledger.state.inbox.has(id),
    respond: (answer: RequestAnswer, words?: string) =>
      requests.respond({ requestId: id, answer, ...(words === undefined ? {} : { words }) }, calmly),
    says: (body: string) => as(peer, `/${id}/messages`, { body, author_type: 'agent' }),
    words: async () => (await stands()).messages.map(({ body }) => body),
    status: async () => (await stands()).request.status,
  };
}

interface Shown {
  readonly request: { readonly status: string };
  readonly messages: readonly { readonly body: string }[];
}

describe('respond', () => {
  it('writes the words, then the answer, and pops the message', async () => {
    const { id, respond, words, status, waits } = await openAsked();
    expect(await respond('done', 'it was a loose wire')).toEqual({
      status: 'done',
      popped: id,
      repeated: false,
    });
    expect([await words(), await status(), waits()]).toEqual([['it was a loose wire'], 'done', false]);
  });

  it('W-13: words whose reply was lost are looked for, not written again', async () => {
    const { local, id, respond, words, status } = await openAsked();
    local.faults.on(WRITE_WORDS, dropConnection('handling'));
    expect(await respond('done', 'mended')).toEqual({ status: 'done', popped: id, repeated: false });
    expect([await words(), await status()]).toEqual([['mended'], 'done']);
  });

  it('W-13: an answer, too', async () => {
    const { local, id, respond, status } = await openAsked('approval');
    local.faults.on(WRITE_ANSWER, dropConnection('handling'));
    expect(await respond('approved')).toEqual({ status: 'approved', popped: id, repeated: false });
    expect(await status()).toBe('approved');
    expect(local.requests.matching(WRITE_ANSWER)).toHaveLength(1);
  });

  it('W-13: where a look does not tell, it says so; the repeat writes what is missing and nothing twice', async () => {
    const { local, respond, words, status, waits } = await openAsked();
    local.faults.on(WRITE_WORDS, dropConnection('handling'));
    const afterwards = () => local.requests.matching(WRITE_WORDS).length > 0;
    local.faults.on(({ route }) => route === LOOK && afterwards(), unavailable());
    const { message, advice } = await refusalOf(respond('done', 'mended'));
    expect(message).toContain('may have arrived');
    expect(advice).toContain('again with the very same arguments');
    expect(waits()).toBe(true);
    expect([await words(), await status()]).toEqual([['mended'], 'info_requested']);

    await respond('done', 'mended');
    expect([await words(), await status(), waits()]).toEqual([['mended'], 'done', false]);
    expect(local.requests.matching(WRITE_WORDS)).toHaveLength(1);
  });

  it('words that never arrived are written by the repeat', async () => {
    const { local, respond, words } = await openAsked();
    local.faults.on(WRITE_WORDS, dropConnection('request'));
    expect((await refusalOf(respond('ask', 'which one?'))).message).toContain('may have arrived');
    await respond('ask', 'which one?');
    expect(await words()).toEqual(['which one?']);
  });

  it('an answer that failed after its words is repeated without them', async () => {
    const { local, respond, words, status } = await openAsked();
    local.faults.on(WRITE_ANSWER, serverError(500, 'out of order'));
    expect((await refusalOf(respond('done', 'mended'))).message).toContain('out of order');
    await respond('done', 'mended');
    expect([await words(), await status()]).toEqual([['mended'], 'done']);
  });

  it('a question asked again before anybody said anything is the same one; afterwards it is another', async () => {
    const { respond, says, words } = await openAsked();
    expect((await respond('ask', 'which one?')).repeated).toBe(false);
    expect((await respond('ask', 'which one?')).repeated).toBe(true);
    await says('the left one');
    expect((await respond('ask', 'which one?')).repeated).toBe(false);
    expect(await words()).toEqual(['which one?', 'the left one', 'which one?']);
  });

  it('an answer that stands was given; another one is refused', async () => {
    const { local, respond, status } = await openAsked('approval');
    await respond('rejected', 'not today');
    expect(await respond('rejected', 'not today')).toEqual({
      status: 'rejected',
      popped: null,
      repeated: true,
    });
    expect((await refusalOf(respond('approved'))).message).toContain('already resolved (rejected)');
    expect(await status()).toBe('rejected');
    expect(local.requests.matching(WRITE_WORDS)).toHaveLength(1);
  });
});
