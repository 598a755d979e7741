import { describe, expect, it } from 'vitest';
import { answer, dropConnection, serverError } from '../../src/local-platform/faults/fault.ts';
import { json } from '../../src/local-platform/http/reply.ts';
import type { LocalPlatformOptions } from '../../src/local-platform/options.ts';
import { createMemories } from '../../src/memories/memories.ts';
import { calmly, openDesk, refusalOf } from '../outbox/desk.ts';
import { startTestPlatform } from '../support/local-platform.ts';

const SECRET = `sk-${'a1'.repeat(20)}`;

async function openMemories(options: LocalPlatformOptions = { profile: 'may' }, count = 1) {
  const local = await startTestPlatform(options);
  const desk = await openDesk(local, { count });
  return { local, ...desk, memories: createMemories({ workspaces: desk.workspaces }) };
}

describe('memories on a server of May', () => {
  it('come back, by words and by scope', async () => {
    const { memories } = await openMemories();
    await memories.commit({ content: 'the build takes four minutes', scope: 'local' }, calmly);
    const stored = await memories.commit({ content: 'tea at five', scope: 'TEAM' }, calmly);
    expect(stored).toEqual({ id: expect.any(String), scope: 'TEAM' });
    expect(await memories.recall({ query: 'build', scope: '' }, calmly)).toEqual([
      { scope: 'LOCAL', content: 'the build takes four minutes' },
    ]);
    expect(await memories.recall({ query: '', scope: 'local' }, calmly)).toHaveLength(1);
    expect(await memories.recall({ query: 'nothing of that kind', scope: '' }, calmly)).toEqual([]);
  });

  it('never leave with a secret in them', async () => {
    const { local, memories } = await openMemories();
    await memories.commit({ content: `the key is ${SECRET}`, scope: 'LOCAL' }, calmly);
    expect(JSON.stringify(local.requests.seen)).not.toContain(SECRET);
  });

  it('a scope that is none is LOCAL; an empty memory is refused', async () => {
    const { local, memories } = await openMemories();
    expect(await memories.commit({ content: 'x', scope: 'planet' }, calmly)).toMatchObject({
      scope: 'LOCAL',
    });
    const asked = local.requests.seen.length;
    await refusalOf(memories.commit({ content: ' ', scope: 'LOCAL' }, calmly));
    expect(local.requests.seen).toHaveLength(asked);
  });

  it('belong to one workspace: several and none named is refused', async () => {
    const { memories, workspaces } = await openMemories(undefined, 2);
    const second = workspaces[1]?.id ?? '';
    expect((await refusalOf(memories.commit({ content: 'x', scope: 'LOCAL' }, calmly))).advice).toContain(
      second,
    );
    expect((await refusalOf(memories.recall({ query: '', scope: '' }, calmly))).advice).toContain(second);
    await memories.commit({ content: 'x', scope: 'LOCAL', sourceWorkspaceId: second }, calmly);
    expect(await memories.recall({ query: '', scope: '', sourceWorkspaceId: second }, calmly)).toHaveLength(
      1,
    );
  });

  it('W-13: a lost reply is told as what it is: it may be remembered', async () => {
    const { local, memories } = await openMemories();
    local.faults.on('POST /workspaces/:id/memories', dropConnection('handling'));
    const commit = memories.commit({ content: 'tea at five', scope: 'LOCAL' }, calmly);
    const { message, advice } = await refusalOf(commit);
    expect(message).toContain('may be remembered');
    expect(advice).toContain('recall_memory');
    expect(await memories.recall({ query: '', scope: '' }, calmly)).toHaveLength(1);
  });

  it('W-64: an error is an error', async () => {
    const { local, memories } = await openMemories();
    local.faults.on('GET /workspaces/:id/memories', serverError(500, 'failed to read'));
    expect((await refusalOf(memories.recall({ query: '', scope: '' }, calmly))).message).toContain(
      'failed to read',
    );
  });
});

describe('memories on a newer server', () => {
  it('without the plug-in: one plain sentence', async () => {
    const { memories } = await openMemories({ profile: 'head' });
    const calls = [
      () => memories.commit({ content: 'x', scope: 'LOCAL' }, calmly),
      () => memories.recall({ query: 'x', scope: '' }, calmly),
    ];
    for (const call of calls) {
      const { message, advice } = await refusalOf(call());
      expect(message).toContain('runs without a memory store');
      expect(advice).toContain('do not try again');
    }
  });

  it('GLOBAL by one that is no root: says which scope works', async () => {
    const { local, memories, own } = await openMemories({ profile: 'head' });
    const parentId = local.createWorkspace({ name: 'root' }).id;
    Object.assign(local.workspace(own.id) ?? {}, { parentId });
    const { advice } = await refusalOf(memories.commit({ content: 'x', scope: 'GLOBAL' }, calmly));
    expect(advice).toContain('TEAM');
  });

  it('with the plug-in: the second interface, whose namespaces are scopes', async () => {
    const { local, memories } = await openMemories({ profile: 'head' });
    const stored = [
      { id: '1', namespace: 'workspace:a', content: 'mine', kind: 'fact' },
      { id: '2', namespace: 'team:b', content: 'ours' },
      { id: '3', namespace: 'org:c', content: 'all' },
    ];
    local.faults.on(({ path }) => path.includes('/v2/memories'), answer(json(200, { memories: stored })), {
      times: 2,
    });
    expect(await memories.recall({ query: 'x', scope: '' }, calmly)).toEqual([
      { scope: 'LOCAL', content: 'mine' },
      { scope: 'TEAM', content: 'ours' },
      { scope: 'GLOBAL', content: 'all' },
    ]);
    expect(await memories.recall({ query: 'x', scope: 'team' }, calmly)).toEqual([
      { scope: 'TEAM', content: 'ours' },
    ]);
    const [asked] = local.requests.matching(({ path }) => path.includes('/v2/memories'));
    expect(asked?.query.get('q')).toBe('x');
  });
});
