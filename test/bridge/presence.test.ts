import { describe, expect, it } from 'vitest';
import { type Fault, serverError } from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { openBridgeWindow } from '../support/bridge-window.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const BEAT = 'POST /registry/heartbeat';
const FEED = 'GET /workspaces/:id/activity';

interface Beating {
  readonly maxMessages?: number;
  readonly feed?: Fault;
  readonly clock?: () => number;
}

async function startBeating({ maxMessages = 20_000, feed, clock = Date.now }: Beating = {}) {
  const platform = await startTestPlatform();
  if (feed) platform.faults.on(FEED, feed, { times: Number.POSITIVE_INFINITY });
  const workspace = await createPollWorkspace(platform);
  const window = await openBridgeWindow(platform, {
    workspaces: [workspace],
    env: { MOLECULE_HEARTBEAT_SECS: '0.1', MOLECULE_CURSOR_LAG_SECS: '0' },
    limits: { maxMessages, maxBodyChars: 1_000_000 },
    clock,
  });
  return { platform, workspace, window };
}

/** Resolves with the next heartbeat from now on that says this. */
function beatSaying(platform: LocalPlatform, fits: (beat: Record<string, unknown>) => boolean) {
  return platform.requests.nextAnswered(
    ({ route, json }) => route === BEAT && fits(json as Record<string, unknown>),
  );
}

describe('registration', () => {
  it('shows the agent by its name, description and skills', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    await openBridgeWindow(platform, {
      workspaces: [workspace],
      env: {
        MOLECULE_AGENT_NAME: ' laptop ',
        MOLECULE_AGENT_DESCRIPTION: 'Answers questions',
        MOLECULE_AGENT_SKILLS: 'research, ,code-review',
      },
    });
    const [registered] = await platform.requests.answered(1, 'POST /registry/register');
    expect(registered?.json).toMatchObject({
      id: workspace.id,
      delivery_mode: 'poll',
      agent_card: {
        name: 'laptop',
        description: 'Answers questions',
        skills: [{ name: 'research' }, { name: 'code-review' }],
      },
    });
    await until(() => platform.workspace(workspace.id)?.status === 'online', 'online on the platform');
  });
});

describe('heartbeats tell the truth', () => {
  it('W-70: of a delegation for as long as it is under way, in every beat', async () => {
    const { platform, window } = await startBeating();
    const peer = await createPollWorkspace(platform, 'peer');
    const held = platform.faults.hold('POST /workspaces/:id/a2a');
    const task = { workspaceId: peer.id, task: 'count the stars', waitMs: 20_000 };
    const delegated = window.agent.outbox.delegate(task, { signal: new AbortController().signal });
    const busy = (beat: Record<string, unknown>) =>
      beat.active_tasks === 1 && beat.current_task === 'count the stars';
    await beatSaying(platform, busy);
    const { json } = await platform.requests.nextAnswered(BEAT);
    expect(busy(json as Record<string, unknown>)).toBe(true);
    held.release();
    await delegated;
    const idle = await beatSaying(platform, (beat) => beat.active_tasks === 0 && beat.current_task === '');
    expect(idle.json).toMatchObject({ error_rate: 0, sample_error: '', runtime_state: '' });
  });

  it('of how long it has been there, in whole seconds', async () => {
    let aheadMs = 0;
    const { platform } = await startBeating({ clock: () => Date.now() + aheadMs });
    const first = await beatSaying(platform, () => true);
    expect((first.json as { uptime_seconds: number }).uptime_seconds).toBeLessThan(90);
    aheadMs = 90_500;
    const { json } = await beatSaying(platform, (beat) => Number(beat.uptime_seconds) >= 90);
    expect((json as { uptime_seconds: number }).uptime_seconds % 1).toBe(0);
  });

  it('of requests that fail: how many, and why', async () => {
    const { platform, workspace, window } = await startBeating({ feed: serverError(500) });
    const { json } = await beatSaying(platform, (beat) => Number(beat.error_rate) >= 0.5);
    await until(() => platform.workspace(workspace.id)?.status === 'degraded', 'the canvas shows it');
    expect(json).toMatchObject({ sample_error: expect.stringContaining('(500)'), runtime_state: '' });
    expect(JSON.stringify(json)).not.toContain(workspace.token);
    expect((await window.status()).workspaces[0]?.lastError).toContain('(500)');
  });

  it('of an inbox that is full: wedged, with the backlog that the platform keeps, until there is room', async () => {
    const { platform, workspace, window } = await startBeating({ maxMessages: 2 });
    for (const text of ['one', 'two']) await sayAsUser(platform, workspace, text);
    await window.stands(({ phase }) => phase.includes('full'), 'an inbox that is full');
    for (const text of ['three', 'four', 'five']) await sayAsUser(platform, workspace, text);
    await beatSaying(platform, (beat) => beat.runtime_state === 'wedged');
    await until(() => platform.workspace(workspace.id)?.status === 'degraded', 'the canvas shows it');
    await window.stands(({ waiting, unread }) => waiting === 2 && unread === 3, 'three on the platform');

    for (const { activity_id } of await window.peek()) await window.agent.inbox.pop(activity_id);
    await window.holds(3);
    for (const { activity_id } of await window.peek()) await window.agent.inbox.pop(activity_id);
    await beatSaying(platform, (beat) => beat.runtime_state === '');
    await window.stands(({ phase, unread }) => phase === 'online' && unread === 0, 'all read');
  });

  it('of a host that has stopped reading: wedged', async () => {
    const { platform, window } = await startBeating();
    await beatSaying(platform, (beat) => beat.runtime_state === '');
    window.host.stalled = true;
    await beatSaying(platform, (beat) => beat.runtime_state === 'wedged');
  });
});
