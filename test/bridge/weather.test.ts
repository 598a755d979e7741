import { describe, expect, it } from 'vitest';
import {
  answer,
  dropConnection,
  type Fault,
  htmlPage,
  latency,
  plainNotFound,
  redirect,
  serverError,
  tooManyRequests,
  truncateBody,
  unavailable,
} from '../../src/local-platform/faults/fault.ts';
import { json } from '../../src/local-platform/http/reply.ts';
import type { RequestMatch } from '../../src/local-platform/request-log.ts';
import { openBridgeWindow } from '../support/bridge-window.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const FEED = 'GET /workspaces/:id/activity';
const BEAT = 'POST /registry/heartbeat';

/** What each of as many workspaces meets, twice, on its feed. */
const WEATHER: Readonly<Record<string, Fault>> = {
  'a 500': serverError(),
  'a 503': unavailable(),
  '429 with Retry-After 0': tooManyRequests(0),
  '429 with Retry-After 1': tooManyRequests(1),
  'a dropped connection': dropConnection('request'),
  'a cut body': truncateBody(1),
  'an HTML page with 200': htmlPage(),
  'JSON of another shape': answer(json(200, { rows: 'none' })),
  'a redirect': redirect('http://127.0.0.1:1/elsewhere'),
  'a plain 404': plainNotFound(),
};

describe('weather', () => {
  it('W-28, W-50: is survived on the feed, seen in the status, and told once per change, while heartbeats go on', async () => {
    const platform = await startTestPlatform();
    const workspaces: TestWorkspace[] = [];
    for (const name of Object.keys(WEATHER)) workspaces.push(await createPollWorkspace(platform, name));
    const faults = Object.values(WEATHER);
    for (const [index, { id }] of workspaces.entries()) {
      const isFeed: RequestMatch = (request) => request.route === FEED && request.id === id;
      platform.faults.on(isFeed, faults[index] ?? serverError(), { times: 2 });
    }
    const window = await openBridgeWindow(platform, {
      workspaces,
      env: { MOLECULE_HEARTBEAT_SECS: '0.2' },
    });

    const troubled = new Set<string>();
    await until(async () => {
      for (const { workspaceId, lastError, online } of (await window.status()).workspaces)
        if (lastError !== null && online) troubled.add(workspaceId);
      return troubled.size === workspaces.length;
    }, 'every trouble in the status, everybody online');
    for (const workspace of workspaces) await sayAsUser(platform, workspace, `after ${workspace.name}`);
    await until(async () => (await window.texts()).length === workspaces.length, 'all messages', 20_000);
    await until(
      async () => (await window.status()).workspaces.every(({ lastError }) => lastError === null),
      'no trouble any more',
    );
    for (const { id, name } of workspaces) {
      const told = window.logger.lines.filter(
        (line) => line.includes(id) && line.includes('reading the feed'),
      );
      expect(told, name).toEqual([expect.stringContaining('fails'), expect.stringContaining('works again')]);
    }
  });
});

describe('a workspace that is lost', () => {
  it('is told to the agent once, with what to do; what waits stays readable, and others go on', async () => {
    const platform = await startTestPlatform();
    const [revoked, removed, sound] = [
      await createPollWorkspace(platform, 'revoked'),
      await createPollWorkspace(platform, 'removed'),
      await createPollWorkspace(platform, 'sound'),
    ] as const;
    const window = await openBridgeWindow(platform, { workspaces: [revoked, removed, sound] });
    await sayAsUser(platform, revoked, 'kept');
    await window.pushed(1);

    platform.revokeTokens(revoked.id);
    platform.issueToken(revoked.id);
    platform.removeWorkspace(removed.id);
    const notices = await until(() => {
      const told = window.pushes.filter(({ meta }) => meta.kind === 'workspace_notice');
      return told.length === 2 ? told : null;
    }, 'two notices');
    expect(new Map(notices.map(({ meta }) => [meta.workspace_id, meta.reason]))).toEqual(
      new Map([
        [revoked.id, 'token.refused'],
        [removed.id, 'workspace.removed'],
      ]),
    );
    for (const { content } of notices) expect(content).toContain('Tell the user');
    await until(async () => {
      const phases = (await window.status()).workspaces.map(({ phase }) => phase);
      return phases.join(', ') === 'revoked, removed, online';
    }, 'all three in the status');

    await sayAsUser(platform, sound, 'still here');
    await window.pushed(4);
    expect(await window.texts()).toEqual(['kept', 'still here']);
    expect(window.pushes.filter(({ meta }) => meta.kind === 'workspace_notice')).toHaveLength(2);
    const registrations = platform.requests.matching('POST /registry/register');
    expect(registrations).toHaveLength(3);
  });
});

describe('a reply that never comes', () => {
  it('W-28: on the feed holds no heartbeat', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    platform.faults.on(FEED, latency(3_600_000), { times: Number.POSITIVE_INFINITY });
    const window = await openBridgeWindow(platform, {
      workspaces: [workspace],
      env: { MOLECULE_HEARTBEAT_SECS: '0.1' },
    });
    await platform.requests.next(FEED);
    await platform.requests.answered(4, BEAT);
    expect((await window.status()).workspaces[0]?.online).toBe(true);
  });

  it('to a heartbeat holds no message', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    platform.faults.on(BEAT, latency(3_600_000), { times: Number.POSITIVE_INFINITY });
    const window = await openBridgeWindow(platform, { workspaces: [workspace] });
    await platform.requests.next(BEAT);
    for (const text of ['one', 'two']) await sayAsUser(platform, workspace, text);
    await window.pushed(2);
    expect(await window.texts()).toEqual(['one', 'two']);
  });
});
