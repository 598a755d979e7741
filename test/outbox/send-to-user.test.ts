import { describe, expect, it } from 'vitest';
import {
  dropConnection,
  proxyGivesUp,
  serverError,
  tooManyRequests,
  unavailable,
} from '../../src/local-platform/faults/fault.ts';
import { sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { calmly, openDesk, receive, refusalOf } from './desk.ts';

const NOTIFY = 'POST /workspaces/:id/notify';

/** The texts of a feed's own echoes. */
function said(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => (row.response_body as { result: string }).result);
}

describe('sendToUser', () => {
  it('says it in the canvas of the only workspace', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    const sent = await outbox.sendToUser({ message: 'done ✓', attachments: [] }, calmly);
    expect(sent).toEqual({ workspaceId: own.id, attachments: 0, popped: null });
    expect(local.requests.matching(NOTIFY).map(({ json }) => json)).toEqual([{ message: 'done ✓' }]);
  });

  it('W-9: an answer leaves where its message arrived, and pops it', async () => {
    const local = await startTestPlatform();
    const { outbox, workspaces } = await openDesk(local, { count: 2 });
    const [first, second] = workspaces as [(typeof workspaces)[0], (typeof workspaces)[0]];
    await sayAsUser(local, second, 'private question');
    const [message] = await receive(second);
    const replyTo = message?.activity_id ?? '';
    const sent = await outbox.sendToUser({ message: 'private answer', attachments: [], replyTo }, calmly);
    expect(sent).toEqual({ workspaceId: second.id, attachments: 0, popped: replyTo });
    expect(local.requests.matching(NOTIFY).map(({ id }) => id)).toEqual([second.id]);
    expect(second.ledger.state.inbox.size).toBe(0);
    expect(local.rows(first.id)).toEqual([]);
  });

  it('W-9: refuses with the list, without a request, when several are configured and none is named', async () => {
    const local = await startTestPlatform();
    const { outbox, workspaces } = await openDesk(local, { count: 2 });
    const { advice } = await refusalOf(outbox.sendToUser({ message: 'to whom?', attachments: [] }, calmly));
    for (const { id } of workspaces) expect(advice).toContain(id);
    expect(local.requests.seen).toEqual([]);
  });

  it('a refused answer leaves its message in the inbox, ready to be answered again', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    await sayAsUser(local, own, 'question');
    const [message] = await receive(own);
    const answer = { message: 'answer', attachments: [], replyTo: message?.activity_id ?? '' };
    local.faults.on(NOTIFY, serverError(403, 'talk_to_user_disabled'));
    const refused = await refusalOf(outbox.sendToUser(answer, calmly));
    expect(refused.message).toContain('switched off');
    expect(own.ledger.state.inbox.size).toBe(1);
    expect((await outbox.sendToUser(answer, calmly)).popped).toBe(message?.activity_id);
  });

  it('answers a message once: neither beside itself nor after it was answered', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    await sayAsUser(local, own, 'question');
    const [message] = await receive(own);
    const answer = { message: 'answer', attachments: [], replyTo: message?.activity_id ?? '' };
    const [first, beside] = await Promise.allSettled([
      outbox.sendToUser(answer, calmly),
      outbox.sendToUser(answer, calmly),
    ]);
    expect([first.status, beside.status]).toEqual(['fulfilled', 'rejected']);
    expect((await refusalOf(outbox.sendToUser(answer, calmly))).message).toContain('No message');
    expect(local.requests.matching(NOTIFY)).toHaveLength(1);
  });

  it("does not tell the user what answers a peer's message", async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    await sayAsPeer(local, peer, own, 'between us');
    const [message] = await receive(own);
    const answer = { message: 'told you', attachments: [], replyTo: message?.activity_id ?? '' };
    expect((await refusalOf(outbox.sendToUser(answer, calmly))).advice).toContain('delegate_task');
    expect(local.requests.matching(NOTIFY)).toEqual([]);
  });

  it('sends nothing that is empty', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    await refusalOf(outbox.sendToUser({ message: ' \n', attachments: [] }, calmly));
    expect(local.requests.seen).toEqual([]);
  });

  it('W-13: repeats what surely was not done, and nothing else', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    local.faults.on(NOTIFY, tooManyRequests(1));
    await outbox.sendToUser({ message: 'once', attachments: [] }, calmly);
    expect(local.requests.matching(NOTIFY)).toHaveLength(2);

    local.faults.on(NOTIFY, dropConnection('handling'));
    const { message, advice } = await refusalOf(
      outbox.sendToUser({ message: 'twice?', attachments: [] }, calmly),
    );
    expect(message).toContain('did not confirm');
    expect(advice).toContain('chat_history');
    expect(local.requests.matching(NOTIFY)).toHaveLength(3);
    expect(said(local.rows(own.id))).toEqual(['once', 'twice?']);
  });

  it.each([502, 503, 504])('W-13: a proxy’s %i is no proof that nobody has seen it', async (status) => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    local.faults.on(NOTIFY, proxyGivesUp(status));
    const { message, advice } = await refusalOf(
      outbox.sendToUser({ message: 'seen', attachments: [] }, calmly),
    );
    expect(message).toContain('may have seen it');
    expect(advice).toContain('only if it did not');
    expect(said(local.rows(own.id))).toEqual(['seen']);
    expect(local.requests.matching(NOTIFY)).toHaveLength(1);
  });

  it('W-13: repeats what the platform refused before it looked at it', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    local.faults.on(NOTIFY, unavailable());
    await outbox.sendToUser({ message: 'once', attachments: [] }, calmly);
    expect(said(local.rows(own.id))).toEqual(['once']);
  });

  it.each([
    ['30 × ü after one letter', `a${'ü'.repeat(60)}`],
    ['Chinese', '你好世界'.repeat(10)],
    ['emoji', `abc${'🎉'.repeat(30)}`],
  ])('May stores a message whose 80th byte is inside a character (§5.2): %s', async (_name, message) => {
    const local = await startTestPlatform({ profile: 'may' });
    const { outbox, own } = await openDesk(local);
    await own.platform.notifyUser(message, [], calmly.signal);
    await local.settled();
    expect(local.rows(own.id)).toEqual([]);
    await outbox.sendToUser({ message, attachments: [] }, calmly);
    await local.settled();
    expect(said(local.rows(own.id)).map((text) => text.trimStart())).toEqual([message]);
  });

  it('leaves the message alone where the platform is newer', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local, { rowsCarrySeq: true });
    const message = '你好世界'.repeat(10);
    await outbox.sendToUser({ message, attachments: [] }, calmly);
    expect(local.requests.matching(NOTIFY).map(({ json }) => json)).toEqual([{ message }]);
  });

  it('replaces what the platform would acknowledge and lose: NUL and half a character', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    await outbox.sendToUser({ message: 'a\0b\ud83dc😀', attachments: [] }, calmly);
    expect(local.requests.matching(NOTIFY).map(({ json }) => json)).toEqual([
      { message: 'a\ufffdb\ufffdc😀' },
    ]);
  });
});
