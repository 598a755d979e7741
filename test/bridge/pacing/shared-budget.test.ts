import { describe, expect, it } from 'vitest';
import { tooManyRequests } from '../../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import type { RequestMatch } from '../../../src/local-platform/request-log.ts';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../../support/local-platform.ts';
import { until } from '../../support/until.ts';

const FEED = 'GET /workspaces/:id/activity';
const BEAT = 'POST /registry/heartbeat';
const STREAM = 'GET /workspaces/:id/events/stream';
/** Nothing leaves by itself for a while. */
const QUIET = { MOLECULE_POLL_SECS: '30', MOLECULE_SAFETY_POLL_SECS: '30' };

/** Two workspaces behind one address of a server that counts by address, both with their streams open. */
async function open({
  rateLimit = 600,
  env = {},
}: {
  rateLimit?: number;
  env?: Record<string, string>;
} = {}) {
  const platform = await startTestPlatform({ profile: 'may', rateLimit });
  const workspaces = [
    await createPollWorkspace(platform, 'one'),
    await createPollWorkspace(platform, 'other'),
  ] as const;
  const window = await openBridgeWindow(platform, { workspaces, env: { ...QUIET, ...env } });
  await platform.requests.answered(2, STREAM);
  return { platform, window, workspaces };
}

const feedOf =
  ({ id }: TestWorkspace): RequestMatch =>
  (request) =>
    request.route === FEED && request.id === id;

/** Says something, and resolves after the last poll that follows from it: the one for late commits, a second or two later. */
async function sayInFull(platform: LocalPlatform, workspace: TestWorkspace, text: string): Promise<void> {
  const saidAtMs = Date.now();
  await sayAsUser(platform, workspace, text);
  await until(
    () => platform.requests.matching(feedOf(workspace)).some(({ atMs }) => atMs - saidAtMs >= 1_000),
    'the poll for late commits',
  );
}

describe('workspaces behind one address', () => {
  it('wait together as long as the server asks one of them to', async () => {
    const { platform, window, workspaces } = await open();
    const [one, other] = workspaces;
    await Promise.all([sayInFull(platform, one, 'before'), sayInFull(platform, other, 'before')]);
    platform.faults.on(feedOf(one), tooManyRequests(2));
    const refused = platform.requests.nextAnswered(feedOf(one));
    await sayAsUser(platform, one, 'after');
    const { atMs } = await refused;

    const next = platform.requests.next(feedOf(other));
    await sayAsUser(platform, other, 'after');
    expect((await next).atMs - atMs).toBeGreaterThanOrEqual(2_000);
    await window.holds(4);
  });

  it('rest between heartbeats as long as the limit demands that the server tells', async () => {
    const { platform, window, workspaces } = await open({
      rateLimit: 200,
      env: { MOLECULE_HEARTBEAT_SECS: '0.2' },
    });
    const beganMs = Date.now();
    for (const text of ['first', 'second', 'third']) await sayInFull(platform, workspaces[0], text);
    await window.holds(3);
    const seconds = (Date.now() - beganMs) / 1000;
    // Two workspaces may send one each four seconds, the first ones after half of that; by themselves they would send ten a second.
    expect(platform.requests.matching(BEAT).length).toBeLessThanOrEqual(6 + seconds);
    expect(platform.requests.matching(({ status }) => status === 429)).toEqual([]);
  });
});
