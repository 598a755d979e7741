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

const refused = ({ requests }: LocalPlatform) => requests.seen.filter(({ status }) => status === 429);

describe('workspaces behind one address', () => {
  it('wait together as long as the server asks one of them to', async () => {
    const { platform, window, workspaces } = await open();
    const [one, other] = workspaces;
    await sayAsUser(platform, other, 'before');
    await window.holds(1);
    platform.faults.on(feedOf(one), tooManyRequests(2));
    const refusedPoll = platform.requests.nextAnswered(feedOf(one));
    await sayAsUser(platform, one, 'to one');
    const { atMs } = await refusedPoll;

    const others = platform.requests.next(feedOf(other));
    await sayAsUser(platform, other, 'to the other');
    expect((await others).atMs - atMs).toBeGreaterThanOrEqual(2_000);
    await window.holds(3);
    expect(refused(platform)).toHaveLength(1);
  });

  it('send no more than the server says it allows, and rest between heartbeats as long as that takes', async () => {
    const { platform, window, workspaces } = await open({
      rateLimit: 60,
      env: { MOLECULE_HEARTBEAT_SECS: '0.2' },
    });
    for (let round = 1; round <= 3; round += 1) {
      // The poll that a wake-up begins, and the one for late commits a second or two after it.
      const polls = platform.requests.matching(feedOf(workspaces[0])).length;
      await sayAsUser(platform, workspaces[0], `message ${round}`);
      await window.holds(round);
      await platform.requests.answered(polls + 2, feedOf(workspaces[0]));
    }
    // By themselves they would send ten a second.
    expect(platform.requests.matching(BEAT).length).toBeLessThanOrEqual(10);
    expect(refused(platform)).toEqual([]);
  });
});
