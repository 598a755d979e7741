import { describe, expect, it } from 'vitest';
import * as fault from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';

const feed = 'GET /workspaces/:id/activity';

async function start(): Promise<{ platform: LocalPlatform; agent: TestWorkspace }> {
  const platform = await startTestPlatform();
  return { platform, agent: await createPollWorkspace(platform) };
}

function poll(platform: LocalPlatform, agent: TestWorkspace, query = ''): Promise<Response> {
  return fetch(`${platform.url}/workspaces/${agent.id}/activity${query}`, {
    headers: { authorization: `Bearer ${agent.token}` },
    redirect: 'manual',
  });
}

const texts = async (response: Promise<Response>): Promise<string[]> => {
  const rows = (await (await response).json()) as {
    request_body: { params: { message: { parts: { text: string }[] } } };
  }[];
  return rows.map((row) => row.request_body.params.message.parts[0]?.text ?? '');
};

describe('faults of requests', () => {
  it('meet as many requests as they were told to, then none', async () => {
    const { platform, agent } = await start();
    const unavailable = platform.faults.on(feed, fault.unavailable(), { times: 2 });
    expect((await poll(platform, agent)).status).toBe(503);
    expect(unavailable.remaining).toBe(1);
    expect((await poll(platform, agent)).status).toBe(503);
    expect((await poll(platform, agent)).status).toBe(200);
  });

  it.each([
    ['429', fault.tooManyRequests(0), 429, 'application/json; charset=utf-8'],
    ['401', fault.unauthorised(), 401, 'application/json; charset=utf-8'],
    ['404 as text', fault.plainNotFound(), 404, 'text/plain'],
    ['500', fault.serverError(), 500, 'application/json; charset=utf-8'],
    ['a page', fault.htmlPage(), 200, 'text/html; charset=utf-8'],
  ])('answer %s in place of the platform', async (_, what, status, contentType) => {
    const { platform, agent } = await start();
    platform.faults.on(feed, what);
    const response = await poll(platform, agent);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(contentType);
    if (status === 429) expect(response.headers.get('retry-after')).toBe('0');
  });

  it('let a proxy answer for what the platform has handled', async () => {
    const { platform, agent } = await start();
    platform.faults.on('POST /workspaces/:id/a2a', fault.proxyGivesUp(502));
    await sayAsUser(platform, agent, 'hello').catch(() => {});
    await platform.settled();
    expect(await texts(poll(platform, agent))).toEqual(['hello']);
  });

  it('redirect', async () => {
    const { platform, agent } = await start();
    platform.faults.on(feed, fault.redirect('http://example.invalid/'));
    const response = await poll(platform, agent);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('http://example.invalid/');
  });

  it('break a body in every way it can break', async () => {
    const { platform, agent } = await start();
    await sayAsUser(platform, agent, 'hello');
    const whole = await (await poll(platform, agent)).text();

    platform.faults.on(feed, fault.truncateBody(20));
    await expect(poll(platform, agent).then((response) => response.text())).rejects.toThrow();
    platform.faults.on(feed, fault.shortenBody(20));
    expect(await (await poll(platform, agent)).text()).toBe(whole.slice(0, 20));
    platform.faults.on(feed, fault.dripBody(100, 1));
    expect(await (await poll(platform, agent)).text()).toBe(whole);
    platform.faults.on(feed, fault.unsizedBody());
    expect((await poll(platform, agent)).headers.get('content-length')).toBeNull();
    platform.faults.on(feed, fault.gzipBody());
    const zipped = await poll(platform, agent);
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.text()).toBe(whole);
    platform.faults.on(
      feed,
      fault.rewriteJson((rows) => [...(rows as unknown[]), 'no row at all']),
    );
    expect(((await (await poll(platform, agent)).json()) as unknown[]).at(-1)).toBe('no row at all');
  });

  it('stall a body until the client gives up', async () => {
    const { platform, agent } = await start();
    await sayAsUser(platform, agent, 'hello');
    platform.faults.on(feed, fault.stallBody(10));
    const abort = new AbortController();
    const response = await fetch(`${platform.url}/workspaces/${agent.id}/activity`, {
      headers: { authorization: `Bearer ${agent.token}` },
      signal: abort.signal,
    });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(10);
    const rest = reader?.read();
    abort.abort();
    await expect(rest).rejects.toThrow();
  });

  it('lose the reply of a request that was carried out', async () => {
    const { platform, agent } = await start();
    platform.faults.on('POST /workspaces/:id/a2a', fault.dropConnection('handling'));
    await expect(sayAsUser(platform, agent, 'did it arrive?')).rejects.toThrow();
    await platform.settled();
    expect(await texts(poll(platform, agent))).toEqual(['did it arrive?']);
  });

  it('hold a request until it is released, and show it while it is held', async () => {
    const { platform, agent } = await start();
    const held = platform.faults.hold(feed);
    const arrived = platform.requests.next(feed);
    const reply = poll(platform, agent);
    expect((await arrived).status).toBeUndefined();
    held.release();
    expect((await reply).status).toBe(200);
  });
});

describe('faults of commits', () => {
  it('make rows readable in whatever order they are released', async () => {
    const { platform, agent } = await start();
    const held = platform.faults.commits.hold();
    await sayAsUser(platform, agent, 'first');
    await sayAsUser(platform, agent, 'second');
    const [first, second] = [await held.next(), await held.next()];
    expect(await texts(poll(platform, agent))).toEqual([]);

    held.release(second);
    await platform.settled();
    expect(await texts(poll(platform, agent))).toEqual(['second']);
    expect(await texts(poll(platform, agent, `?since_id=${second.id}`))).toEqual([]);
    held.release(first);
    await platform.settled();
    expect(await texts(poll(platform, agent))).toEqual(['second', 'first']);
    expect(await texts(poll(platform, agent, `?since_id=${second.id}`))).toEqual([]);
  });

  it('give rows one timestamp while the clock is frozen, and a cursor then skips the tie', async () => {
    const { platform, agent } = await start();
    platform.clock.freeze();
    for (const text of ['one', 'two', 'three']) await sayAsUser(platform, agent, text);
    platform.clock.thaw();
    const rows = platform.rows(agent.id);
    expect(new Set(rows.map((row) => row.created_at)).size).toBe(1);
    expect(await texts(poll(platform, agent, `?since_id=${rows[0]?.id}`))).toEqual([]);
  });

  it('delay a commit', async () => {
    const { platform, agent } = await start();
    const delay = platform.faults.commits.delay(5);
    await sayAsUser(platform, agent, 'late');
    delay.off();
    expect(await texts(poll(platform, agent))).toEqual(['late']);
  });
});

describe('pruning', () => {
  it('turns a cursor on a deleted row into a 410', async () => {
    const { platform, agent } = await start();
    await sayAsUser(platform, agent, 'old');
    const [row] = platform.rows(agent.id);
    expect((await poll(platform, agent, `?since_id=${row?.id}`)).status).toBe(200);
    expect(platform.faults.prune(agent.id)).toBe(1);
    expect((await poll(platform, agent, `?since_id=${row?.id}`)).status).toBe(410);
  });
});

describe('going down', () => {
  it('refuses connections and comes back on the same port with everything it knew', async () => {
    const { platform, agent } = await start();
    await sayAsUser(platform, agent, 'kept');
    await platform.goDown();
    await expect(poll(platform, agent)).rejects.toThrow();
    await platform.comeBack();
    expect(await texts(poll(platform, agent))).toEqual(['kept']);
  });
});
