import { describe, expect, it } from 'vitest';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../../support/local-platform.ts';

const POLL = 'GET /workspaces/:id/activity';
const BEAT = 'POST /registry/heartbeat';
const STREAM = 'GET /workspaces/:id/events/stream';

describe('a laptop that slept', () => {
  it('polls and beats at once, opens its stream anew, and makes up for no timer that it missed', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    let sleptMs = 0;
    const window = await openBridgeWindow(platform, {
      workspaces: [workspace],
      clock: () => Date.now() + sleptMs,
      env: { MOLECULE_POLL_SECS: '600', MOLECULE_SAFETY_POLL_SECS: '600', MOLECULE_HEARTBEAT_SECS: '60' },
    });
    await platform.requests.answered(1, BEAT);
    await platform.requests.answered(1, STREAM);
    await sayAsUser(platform, workspace, 'before');
    await window.pushed(1);

    const before = platform.requests.seen.length;
    const again = [POLL, BEAT, STREAM].map((route) => platform.requests.nextAnswered(route));
    sleptMs = 8 * 3_600_000;
    await Promise.all(again);
    await sayAsUser(platform, workspace, 'after');
    expect((await window.pushed(2)).map(({ meta }) => meta.kind)).toEqual(['canvas_user', 'canvas_user']);
    const since = platform.requests.seen.slice(before).map(({ route }) => route);
    // The stream that opens repeats a beat, to see whether frames come through.
    expect(since.filter((route) => route === BEAT).length).toBeLessThanOrEqual(2);
    expect(since.filter((route) => route === POLL).length).toBeLessThanOrEqual(5);
    expect(since.filter((route) => route === STREAM)).toHaveLength(1);
    expect(window.logger.infos.filter((line) => line.includes('stood still'))).toHaveLength(1);
  });
});
