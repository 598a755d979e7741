import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dropConnection, serverError } from '../../src/local-platform/faults/fault.ts';
import { sayAsPeer, startTestPlatform } from '../support/local-platform.ts';
import { answeringJson, startOddServer } from '../support/odd-server.ts';
import { until } from '../support/until.ts';
import { calmly, type DeskWorkspace, openDesk, receive, refusalOf } from './desk.ts';

const DELEGATE = 'POST /workspaces/:id/delegate';

describe('delegateAsync', () => {
  it("hands the task over under the reference's key", async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    const taken = await outbox.delegateAsync({ workspaceId: peer.id, task: 'count files' }, calmly);
    expect(taken).toMatchObject({
      status: 'delegated',
      repeated: false,
      sourceWorkspaceId: own.id,
      popped: null,
    });
    const key = createHash('sha256').update(`${own.id}:${peer.id}:count files`).digest('hex').slice(0, 32);
    expect(local.requests.matching(DELEGATE).map(({ json }) => json)).toEqual([
      { target_id: peer.id, task: 'count files', idempotency_key: key },
    ]);
  });

  it('W-59: a repeat is the same delegation, and no failure; `again` runs it anew', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    const task = { workspaceId: local.createWorkspace({ name: 'peer' }).id, task: 'count files' };
    const first = await outbox.delegateAsync(task, calmly);
    const second = await outbox.delegateAsync(task, calmly);
    expect(second).toMatchObject({ delegationId: first.delegationId, repeated: true });
    const third = await outbox.delegateAsync({ ...task, again: true }, calmly);
    expect(third.repeated).toBe(false);
    expect(third.delegationId).not.toBe(first.delegationId);
  });

  it('W-13: a lost reply is asked for again: one delegation', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    local.faults.on(DELEGATE, dropConnection('handling'));
    await outbox.delegateAsync({ workspaceId: peer.id, task: 'once' }, calmly);
    await local.settled();
    expect(local.rows(peer.id)).toHaveLength(1);
  });

  it('W-13: when no reply comes at all, it says whether a repeat is safe', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    const task = { workspaceId: local.createWorkspace({ name: 'peer' }).id, task: 'once' };
    local.faults.on(DELEGATE, dropConnection('handling'), { times: 6 });
    const lost = await refusalOf(outbox.delegateAsync(task, calmly));
    expect(lost.message).toContain('may have taken');
    expect(lost.advice).toContain('count as one');
    expect((await refusalOf(outbox.delegateAsync({ ...task, again: true }, calmly))).advice).toContain(
      'only if it did not',
    );
    expect(await outbox.delegateAsync(task, calmly)).toMatchObject({ repeated: true });
  });

  it('pops what it answers; the same task for another message is another task', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    await sayAsPeer(local, peer, own, 'one');
    await sayAsPeer(local, peer, own, 'two');
    const taken = [];
    for (const { activity_id } of await receive(own)) {
      const request = { workspaceId: peer.id, task: 'on it', replyTo: activity_id };
      taken.push(await outbox.delegateAsync(request, calmly));
      expect(taken.at(-1)?.popped).toBe(activity_id);
    }
    expect(taken.map(({ repeated }) => repeated)).toEqual([false, false]);
    expect(own.ledger.state.inbox.size).toBe(0);
  });

  it('says why it was not taken', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    local.faults.on(DELEGATE, serverError(403, 'tool call failed'));
    const task = { workspaceId: local.createWorkspace({ name: 'peer' }).id, task: 'x' };
    expect((await refusalOf(outbox.delegateAsync(task, calmly))).message).toContain('can_delegate');
  });
});

describe('the answer to a delegation becomes one message, whoever brings it', () => {
  const reply = (text: string) =>
    answeringJson(200, { jsonrpc: '2.0', result: { parts: [{ kind: 'text', text }] } });
  const inboxOf = (own: DeskWorkspace) => [...own.ledger.state.inbox.values()].map(({ message }) => message);

  it.each([
    ['a server of May', { profile: 'may' }],
    ['a newer one', { profile: 'head' }],
    ['a newer one with a ledger', { profile: 'head', delegationLedger: true }],
  ] as const)('%s keeps it to itself: we look, and deliver all of it', async (_name, options) => {
    const local = await startTestPlatform(options);
    const parentId = local.createWorkspace({ name: 'root' }).id;
    const { outbox, own } = await openDesk(local);
    Object.assign(local.workspace(own.id) ?? {}, { parentId });
    const text = 'a long answer '.repeat(40);
    const { url } = await startOddServer(reply(text));
    const peer = local.createWorkspace({ name: 'peer', deliveryMode: 'push', url, parentId });
    const { delegationId } = await outbox.delegateAsync({ workspaceId: peer.id, task: 'x' }, calmly);
    const message = await until(() => inboxOf(own)[0], 'the answer');
    expect(message).toMatchObject({ kind: 'delegation_result', text, delegation_id: delegationId });
  });

  it('a failure comes with its reason', async () => {
    const local = await startTestPlatform();
    const { outbox, own } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    const stranger = local.createWorkspace({ name: 'stranger', parentId: peer.id });
    await outbox.delegateAsync({ workspaceId: stranger.id, task: 'x' }, calmly);
    const message = await until(() => inboxOf(own)[0], 'the failure');
    expect(message.error_detail).toContain('access denied');
  });

  it('W-70: it counts as active until then, whether it succeeds or fails', async () => {
    const local = await startTestPlatform();
    const { outbox, own, deps } = await openDesk(local);
    const { url } = await startOddServer(reply('42'));
    const peer = local.createWorkspace({ name: 'peer', deliveryMode: 'push', url });
    const stranger = local.createWorkspace({ name: 'stranger', parentId: peer.id });
    const looks = local.faults.hold('GET /workspaces/:id/delegations', { times: 2 });
    await outbox.delegateAsync({ workspaceId: peer.id, task: 'count the stars' }, calmly);
    await outbox.delegateAsync({ workspaceId: peer.id, task: 'count the stars' }, calmly);
    await outbox.delegateAsync({ workspaceId: stranger.id, task: 'name\nthem' }, calmly);
    expect(deps.tasks.of(own.id)).toEqual({ activeTasks: 2, currentTask: 'name them' });
    looks.release();
    await until(() => deps.tasks.of(own.id).activeTasks === 0, 'nothing in flight');
    expect(inboxOf(own)).toHaveLength(2);
  });

  it('W-70: what a fetching peer has accepted counts no longer: it answers with a message of its own', async () => {
    const local = await startTestPlatform();
    const { outbox, own, deps } = await openDesk(local);
    const peer = local.createWorkspace({ name: 'peer' });
    await outbox.delegateAsync({ workspaceId: peer.id, task: 'x' }, calmly);
    await until(() => deps.tasks.of(own.id).activeTasks === 0, 'nothing in flight');
  });

  it('a server that pushes results is left to it: one message', async () => {
    const local = await startTestPlatform({ delegationResultsToInbox: true });
    const { outbox, own } = await openDesk(local);
    const { url } = await startOddServer(reply('42'));
    const peer = local.createWorkspace({ name: 'peer', deliveryMode: 'push', url });
    const { delegationId } = await outbox.delegateAsync({ workspaceId: peer.id, task: 'x' }, calmly);
    const looked = ({ path }: { path: string }) => path.includes('/activity?type=a2a_receive&source=agent');
    await local.requests.answered(1, looked);
    await receive(own);
    expect(inboxOf(own)).toMatchObject([{ delegation_id: delegationId, text: '42' }]);
    const list = local.requests.matching('GET /workspaces/:id/delegations').length;
    await outbox.checkTask({ taskId: delegationId }, calmly);
    expect(local.requests.matching('GET /workspaces/:id/delegations')).toHaveLength(list + 1);
    expect(inboxOf(own)).toHaveLength(1);
  });
});

describe('checkTask', () => {
  it.each(['may', 'head'] as const)(
    'W-65, §8.1: by its id alone; what a fetching peer took is accepted, %s',
    async (profile) => {
      const local = await startTestPlatform({ profile });
      const parentId = local.createWorkspace({ name: 'root' }).id;
      const { outbox, own } = await openDesk(local);
      Object.assign(local.workspace(own.id) ?? {}, { parentId });
      const peer = local.createWorkspace({ name: 'peer', parentId });
      const { delegationId } = await outbox.delegateAsync({ workspaceId: peer.id, task: 'x' }, calmly);
      await local.settled();
      expect(await outbox.checkTask({ taskId: delegationId }, calmly)).toMatchObject({
        delegation_id: delegationId,
        status: 'accepted',
        note: expect.stringContaining('arrives as a message'),
      });
      expect(await outbox.checkTask({}, calmly)).toMatchObject({ count: 1 });
      expect(await outbox.checkTask({ taskId: 'nothing' }, calmly)).toMatchObject({ status: 'not_found' });
    },
  );

  it('W-61: the whole answer, and the error as the server tells it', async () => {
    const local = await startTestPlatform();
    const { outbox } = await openDesk(local);
    const text = 'long answer '.repeat(60);
    const { url } = await startOddServer(
      answeringJson(200, { jsonrpc: '2.0', result: { parts: [{ kind: 'text', text }] } }),
    );
    const peer = local.createWorkspace({ name: 'peer', deliveryMode: 'push', url });
    const stranger = local.createWorkspace({ name: 'stranger', parentId: peer.id });
    const [done, failed] = await Promise.all([
      outbox.delegateAsync({ workspaceId: peer.id, task: 'x' }, calmly),
      outbox.delegateAsync({ workspaceId: stranger.id, task: 'x' }, calmly),
    ]);
    const ended = async ({ delegationId }: { delegationId: string }, status: string) =>
      until(async () => {
        const found = await outbox.checkTask({ taskId: delegationId }, calmly);
        return found.status === status && found;
      }, status);
    const whole = await ended(done, 'completed');
    expect(whole).toMatchObject({ result: text });
    expect(whole).not.toHaveProperty('result_truncated');
    expect(await ended(failed, 'failed')).toMatchObject({ error: expect.stringContaining('access denied') });
  });

  it('lists the latest of all workspaces, whichever gave them', async () => {
    const local = await startTestPlatform();
    const { outbox, workspaces } = await openDesk(local, { count: 2 });
    const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
    const workspaceId = local.createWorkspace({ name: 'peer' }).id;
    const give = async (task: string, { id }: DeskWorkspace) =>
      (await outbox.delegateAsync({ workspaceId, task, sourceWorkspaceId: id }, calmly)).delegationId;
    for (let count = 0; count < 11; count += 1) await give(`early ${count}`, first);
    const latest = await give('late', second);
    const { delegations, count } = (await outbox.checkTask({}, calmly)) as {
      delegations: { delegation_id: string }[];
      count: number;
    };
    expect([delegations.length, count]).toEqual([10, 12]);
    expect(delegations[0]).toMatchObject({ delegation_id: latest, source_workspace_id: second.id });
  });

  it('finds it in whichever workspace gave it, and names those that could not be asked', async () => {
    const local = await startTestPlatform();
    const { outbox, workspaces } = await openDesk(local, { count: 2 });
    const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
    const task = {
      workspaceId: local.createWorkspace({ name: 'peer' }).id,
      task: 'x',
      sourceWorkspaceId: second.id,
    };
    const { delegationId } = await outbox.delegateAsync(task, calmly);
    local.revokeTokens(first.id);
    const found = await outbox.checkTask({ taskId: delegationId }, calmly);
    expect(found).toMatchObject({
      source_workspace_id: second.id,
      failures: [{ workspace_id: first.id, reason: expect.stringContaining('token') }],
    });
    local.revokeTokens(second.id);
    expect((await refusalOf(outbox.checkTask({ taskId: delegationId }, calmly))).message).toContain('token');
  });
});
