import { describe, expect, it } from 'vitest';
import { type Fault, tooManyRequests, unauthorised } from '../../src/local-platform/faults/fault.ts';
import type { StreamMode } from '../../src/local-platform/faults/stream-faults.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const BEAT = 'POST /registry/heartbeat';
const STREAM = 'GET /workspaces/:id/events/stream';
const POLL = 'GET /workspaces/:id/activity';

/** Without the stream polls come every 0.3 s; with it the next one is an hour away. */
async function start(prepare: (platform: LocalPlatform) => void = () => {}, env: NodeJS.Dict<string> = {}) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  prepare(platform);
  const bridge = await startBridgeProcess(platform, {
    workspaces: [workspace],
    env: { MOLECULE_POLL_SECS: '0.3', MOLECULE_SAFETY_POLL_SECS: '3600', ...env },
  });
  return { platform, workspace, bridge };
}

/** Resolves when polls rest because frames come: one that follows the first frame, and then no other. */
async function trusted(platform: LocalPlatform): Promise<void> {
  await until(() => platform.faults.stream.open === 1, 'an open stream');
  await platform.requests.answered(2, BEAT);
  await until(async () => {
    const next = platform.requests.next(POLL, 1_000);
    return next.then(
      () => false,
      () => true,
    );
  }, 'polls that rest');
}

describe('wake-ups', () => {
  it('bring a message long before the next poll', async () => {
    const { platform, workspace, bridge } = await start();
    await trusted(platform);
    await sayAsUser(platform, workspace, 'woken');
    expect((await bridge.holds(1))[0]?.text).toBe('woken');
  });

  it.each<StreamMode>(['absent', 'buffered', 'silent'])(
    '%s: polls go on as if there were none',
    async (mode) => {
      const { platform, workspace, bridge } = await start(({ faults }) => {
        faults.stream.mode = mode;
      });
      await platform.requests.answered(1, STREAM);
      // The second one only sees whether frames come; where there is no stream there is none.
      if (mode !== 'absent') await platform.requests.answered(2, BEAT);
      await sayAsUser(platform, workspace, 'polled');
      expect((await bridge.holds(1))[0]?.text).toBe('polled');
    },
  );

  it.each<[string, Fault]>([
    ['401', unauthorised()],
    ['429', tooManyRequests(1)],
  ])('refused with %s: polls go on, and the stream is asked for again', async (_, fault) => {
    const { platform, workspace, bridge } = await start(({ faults }) => {
      faults.on(STREAM, fault);
    });
    await sayAsUser(platform, workspace, 'polled');
    expect((await bridge.holds(1))[0]?.text).toBe('polled');
    await platform.requests.answered(2, STREAM);
  });

  it('cut: what was written meanwhile comes, and the stream is opened again', async () => {
    const { platform, workspace, bridge } = await start();
    await trusted(platform);
    platform.faults.stream.mode = 'absent';
    platform.faults.stream.cut();
    await sayAsUser(platform, workspace, 'meanwhile');
    expect((await bridge.holds(1))[0]?.text).toBe('meanwhile');
  });

  it('half open: one that fell silent without an end counts as dead after three heartbeats, and what was written meanwhile comes', async () => {
    const { platform, workspace, bridge } = await start(() => {}, { MOLECULE_HEARTBEAT_SECS: '1' });
    await trusted(platform);
    platform.faults.stream.mode = 'silent';
    await sayAsUser(platform, workspace, 'unheard');
    const opened = platform.requests.matching(STREAM).length;
    expect((await bridge.holds(1))[0]?.text).toBe('unheard');
    platform.faults.stream.mode = 'normal';
    await platform.requests.answered(opened + 1, STREAM);
    await trusted(platform);
    await sayAsUser(platform, workspace, 'heard again');
    expect((await bridge.holds(2))[1]?.text).toBe('heard again');
  });

  it.skipIf(process.platform === 'win32')('a process that was stopped goes on where it was', async () => {
    const { platform, workspace, bridge } = await start();
    await trusted(platform);
    process.kill(bridge.pid, 'SIGSTOP');
    platform.faults.stream.cut();
    await sayAsUser(platform, workspace, 'while it slept');
    process.kill(bridge.pid, 'SIGCONT');
    expect((await bridge.holds(1))[0]?.text).toBe('while it slept');
  });
});
