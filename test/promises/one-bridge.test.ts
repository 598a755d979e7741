import { describe, expect, it, onTestFinished } from 'vitest';
import { createBridge, type InboxMessage } from '../../src/index.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A bridge in this process with a state directory of its own. */
function bridgeTo(platform: LocalPlatform, workspace: TestWorkspace) {
  const bridge = createBridge({
    workspaces: [{ id: workspace.id, token: workspace.token, platformUrl: platform.url }],
    settings: {
      CONFIGS_DIR: createTempFolder('one-bridge'),
      MOLECULE_POLL_SECS: '0.2',
      MOLECULE_SAFETY_POLL_SECS: '0.2',
    },
    logger: recordingLogger(),
  });
  onTestFinished(() => bridge.stop());
  return bridge;
}

describe('an inbox', () => {
  it('C1-27: belongs to its bridge, not to the process, and is there from its one start on', async () => {
    const platform = await startTestPlatform();
    const [ours, theirs] = [await createPollWorkspace(platform), await createPollWorkspace(platform)];
    const [first, second] = [bridgeTo(platform, ours), bridgeTo(platform, theirs)];
    expect(() => first.peek()).toThrow('has not been started');
    await first.start();
    await second.start();
    await expect(first.start()).rejects.toThrow('started already');

    await sayAsUser(platform, ours, 'for the first');
    await until(() => first.peek().total === 1, 'the message');
    expect(second.peek().total).toBe(0);
  });

  it('C2-4: holds a message, for others to see and to pop, when its subscribers hear of it', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = bridgeTo(platform, workspace);
    const heard = new Promise<{
      inbox: readonly InboxMessage[];
      message: InboxMessage;
      removed: Promise<boolean>;
    }>((resolve) => {
      bridge.messages$.subscribe((message) => {
        const inbox = bridge.peek().messages;
        resolve({ inbox, message, removed: bridge.pop(message.activity_id) });
      });
    });
    await bridge.start();
    await sayAsUser(platform, workspace, 'hello');
    const { inbox, message, removed } = await heard;
    expect(inbox).toEqual([message]);
    expect(await removed).toBe(true);
    expect(bridge.peek().total).toBe(0);
  });
});
