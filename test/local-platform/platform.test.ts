import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as fault from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import {
  createPollWorkspace,
  sayAsPeer,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';

const feed = 'GET /workspaces/:id/activity';

async function poll(
  platform: LocalPlatform,
  agent: TestWorkspace,
  query = '',
): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${platform.url}/workspaces/${agent.id}/activity${query}`, {
    headers: { authorization: `Bearer ${agent.token}` },
  });
  return (await response.json()) as Record<string, unknown>[];
}

describe('a change of generation', () => {
  it('keeps everything: upgraded, and rolled back', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    const peer = await createPollWorkspace(platform, 'peer');
    await sayAsUser(platform, agent, 'in May');
    const [before] = await poll(platform, agent);

    await platform.switchProfile('head');
    await sayAsUser(platform, agent, 'in August');
    await sayAsPeer(platform, peer, agent, 'from a sibling');
    const rows = await poll(platform, agent, `?since_id=${before?.id}`);
    expect(rows.map((row) => typeof row.seq)).toEqual(['number', 'number']);
    expect(await poll(platform, agent)).toHaveLength(3);

    await platform.switchProfile('may');
    await sayAsPeer(platform, peer, agent, 'still a sibling');
    const all = await poll(platform, agent);
    expect(all.map((row) => row.seq)).toEqual([undefined, undefined, undefined, undefined]);
    expect(all.at(-1)).toEqual(before);
  });

  it('takes routes away and brings them', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    const acknowledge = async () =>
      (
        await fetch(`${platform.url}/workspaces/${agent.id}/activity/ack`, {
          method: 'POST',
          headers: { authorization: `Bearer ${agent.token}` },
          body: '{}',
        })
      ).status;
    expect(await acknowledge()).toBe(404);
    await platform.switchProfile('head');
    expect(await acknowledge()).toBe(400);
    await platform.switchProfile('may');
    expect(await acknowledge()).toBe(404);
  });
});

describe('the request log', () => {
  it('waits for a request and for its answer, and keeps no credential', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    const [arrived, answered] = [platform.requests.next(feed), platform.requests.nextAnswered(feed)];
    await poll(platform, agent, '?limit=7');
    expect(await arrived).toBe(await answered);
    expect(await answered).toMatchObject({ method: 'GET', id: agent.id, status: 200 });
    expect((await answered).query.get('limit')).toBe('7');
    expect(JSON.stringify(platform.requests.seen)).not.toContain(agent.token);
    expect(await platform.requests.answered(1, feed)).toHaveLength(1);
  });

  it('keeps what was sent as JSON', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    await sayAsUser(platform, agent, 'hello');
    expect(platform.requests.matching('POST /workspaces/:id/a2a')).toMatchObject([
      { json: { method: 'message/send' } },
    ]);
  });

  it('gives up with what it saw instead', async () => {
    const platform = await startTestPlatform();
    await expect(platform.requests.next(feed, 10)).rejects.toThrow(/no request GET .* within 10 ms/);
  });

  it('knows a misspelt route at once', async () => {
    const platform = await startTestPlatform();
    expect(() => platform.requests.matching('GET /workspace/:id/activity')).toThrow('has no route');
    expect(() => platform.faults.on('GET /nowhere', fault.latency(1))).toThrow('has no route');
  });
});

describe('presence', () => {
  it.each([
    ['may', 89_000, 'online'],
    ['may', 91_000, 'awaiting_agent'],
    ['head', 179_000, 'online'],
    ['head', 181_000, 'awaiting_agent'],
  ] as const)('in %s after %i ms of silence: %s', async (profile, silentMs, status) => {
    const platform = await startTestPlatform({ profile });
    const agent = await createPollWorkspace(platform);
    await fetch(`${platform.url}/registry/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agent.token}` },
      body: JSON.stringify({ id: agent.id, delivery_mode: 'poll', agent_card: {} }),
    });
    platform.clock.shiftBy(silentMs);
    await platform.sweep();
    expect(platform.workspace(agent.id)?.status).toBe(status);
  });
});

describe('an agent in push mode', () => {
  it('is called, and its answer handed through', async () => {
    const agent = createServer((request, response) => {
      request.resume();
      response.end('{"jsonrpc":"2.0","id":"1","result":{"parts":[{"kind":"text","text":"pushed back"}]}}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void agent.close());
    await new Promise((resolve) => agent.once('listening', resolve));
    const url = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/`;

    const platform = await startTestPlatform();
    const pushed = platform.createWorkspace({ name: 'pushed', deliveryMode: 'push', url, status: 'online' });
    const response = await fetch(`${platform.url}/workspaces/${pushed.id}/a2a`, {
      method: 'POST',
      body: JSON.stringify({ method: 'message/send', params: { message: { parts: [] } } }),
    });
    expect(await response.json()).toMatchObject({ result: { parts: [{ text: 'pushed back' }] } });

    const boss = await createPollWorkspace(platform, 'boss');
    await fetch(`${platform.url}/workspaces/${boss.id}/delegate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${boss.token}` },
      body: JSON.stringify({ target_id: pushed.id, task: 'push' }),
    });
    await platform.settled();
    expect(platform.rows(boss.id).at(-1)).toMatchObject({
      method: 'delegate_result',
      response_body: { text: 'pushed back' },
    });
  });
});

describe('doors', () => {
  it('a tenant lets nobody in without its organisation', async () => {
    const platform = await startTestPlatform({ orgId: 'org-1' });
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(platform.url + path, { headers })).status;
    expect(await status('/health', {})).toBe(200);
    expect(await status('/workspaces', { authorization: `Bearer ${platform.adminToken}` })).toBe(404);
    const member = { authorization: `Bearer ${platform.adminToken}`, 'x-molecule-org-id': 'org-1' };
    expect(await status('/workspaces', member)).toBe(200);
  });

  it('at HEAD each bearer has a rate of its own', async () => {
    const platform = await startTestPlatform({ profile: 'head', rateLimit: 1 });
    const status = async (token: string) =>
      (await fetch(`${platform.url}/health`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await status('a'), await status('a'), await status('b')]).toEqual([200, 429, 200]);
  });
});
