import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { WakeUp, WorkspacePlatform } from '../../../src/domain/ports/platform.ts';
import type { PlatformError } from '../../../src/domain/wire/platform-error.ts';
import { answering, startOddServer } from '../../support/odd-server.ts';
import { forever, OWN_ID, platformAt, refusal } from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

/** A server whose streams a test writes to. */
async function startStream() {
  const streams: ServerResponse[] = [];
  const server = await startOddServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(': ping\n\n');
    streams.push(response);
  });
  return { ...server, streams };
}

/** Follows a stream, keeping what came and how it ended. */
function follow(platform: WorkspacePlatform, signal = forever) {
  const events: WakeUp[] = [];
  const done = platform.wakeUps((event) => events.push(event), signal);
  done.catch(() => {}); // Whoever looks at it sees the error; a test that ends earlier need not.
  return { events, done, types: () => events.map(({ type }) => type) };
}

const event = (type: string, data: unknown = {}) =>
  `data: ${JSON.stringify({ type, timestamp: 1, data })}\n\n`;

describe('wakeUps', () => {
  it('opens at once, before any event, and gives each event as it comes', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url));
    await until(() => stream.types().includes('open'), 'the stream is open');
    expect(stream.events).toEqual([{ type: 'open', data: {} }]);
    server.streams[0]?.write(event('ACTIVITY_LOGGED', { activity_type: 'a2a_receive' }));
    await until(() => stream.events.length === 2, 'the event came');
    expect(stream.events[1]).toEqual({ type: 'ACTIVITY_LOGGED', data: { activity_type: 'a2a_receive' } });
    expect(server.seen[0]).toMatchObject({
      url: `/workspaces/${OWN_ID}/events/stream`,
      headers: { accept: 'text/event-stream', 'accept-encoding': 'identity' },
    });
  });

  it('returns when the server ends the stream', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url));
    await until(() => stream.types().includes('open'), 'the stream is open');
    server.streams[0]?.end(event('WORKSPACE_HEARTBEAT'));
    await stream.done;
    expect(stream.types()).toEqual(['open', 'WORKSPACE_HEARTBEAT']);
  });

  it('rejects when the connection breaks', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url));
    await until(() => stream.types().includes('open'), 'the stream is open');
    server.streams[0]?.destroy();
    expect(await refusal(stream.done)).toMatchObject({ kind: 'unavailable' });
  });

  it('is dead without events, whatever comments come', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url, { deadlines: { silenceMs: 200 } }));
    await until(() => server.streams.length === 1, 'the stream is open');
    const chatter = setInterval(() => server.streams[0]?.write(': keep-alive\n\n'), 20);
    expect(await refusal(stream.done)).toMatchObject({ kind: 'timed-out' });
    clearInterval(chatter);
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it('lives on while events come, beyond the deadline for its opening too', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url, { deadlines: { openStreamMs: 1000, silenceMs: 1000 } }));
    const beats = setInterval(() => server.streams[0]?.write(event('WORKSPACE_HEARTBEAT')), 100);
    await until(() => stream.events.length > 15, 'many events came');
    clearInterval(beats);
    server.streams[0]?.end();
    await stream.done;
  });

  it.each([
    [200, { 'content-type': 'text/html' }, 'malformed'],
    [200, { 'content-type': 'application/json' }, 'malformed'],
    [200, {}, 'malformed'],
    [204, { 'content-type': 'text/event-stream' }, 'malformed'],
    [200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }, 'malformed'],
    [404, { 'content-type': 'text/plain' }, 'no-such-route'],
    [401, { 'content-type': 'application/json' }, 'unauthorised'],
  ])('takes %i with %j for %s', async (status, headers, kind) => {
    const server = await startOddServer(answering(status, headers, 'no stream'));
    expect(await refusal(follow(platformAt(server.url)).done)).toMatchObject({ kind, status });
    await until(() => server.open() === 0 || status >= 400, 'the connection is given up');
  });

  it('does not fill the memory with an event without end', async () => {
    const server = await startStream();
    const stream = follow(platformAt(server.url, { limits: { eventChars: 100_000 } }));
    await until(() => server.streams.length === 1, 'the stream is open');
    server.streams[0]?.write(`data: ${'x'.repeat(1_000_000)}`);
    expect(await refusal(stream.done)).toMatchObject({ kind: 'too-large' });
  });

  it.each([
    ['the signal fires', (_platform: WorkspacePlatform, leaving: AbortController) => leaving.abort()],
    ['the platform is closed', (platform: WorkspacePlatform) => platform.close()],
  ])('ends at once when %s', async (_what, leave) => {
    const server = await startStream();
    const platform = platformAt(server.url);
    const leaving = new AbortController();
    const stream = follow(platform, leaving.signal);
    await until(() => stream.types().includes('open'), 'the stream is open');
    leave(platform, leaving);
    const error: PlatformError = await refusal(stream.done);
    expect(error.kind).toBe('aborted');
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it('gives up the connection, and says why, when its reader fails', async () => {
    const server = await startStream();
    const done = platformAt(server.url).wakeUps(({ type }) => {
      if (type === 'BROKEN') throw new Error('the reader broke');
    }, forever);
    done.catch(() => {});
    await until(() => server.streams.length === 1, 'the stream is open');
    server.streams[0]?.write(event('BROKEN'));
    await expect(done).rejects.toThrow('the reader broke');
    await until(() => server.open() === 0, 'the connection is given up');
  });
});
