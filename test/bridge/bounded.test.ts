import { describe, expect, it } from 'vitest';
import { openBridgeWindow } from '../support/bridge-window.ts';
import { createPollWorkspace, startTestPlatform } from '../support/local-platform.ts';
import { writeManyRows } from '../support/many-rows.ts';
import { until } from '../support/until.ts';

const FEED = 'GET /workspaces/:id/activity';
const BEAT = 'POST /registry/heartbeat';
const numbered = (count: number) => Array.from({ length: count }, (_, number) => `message ${number}`);

async function start() {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  return { platform, workspace, options: { workspaces: [workspace] } };
}

describe('an inbox of bounded size', () => {
  it.each([
    ['messages', { maxMessages: 20, maxBodyChars: 1e9 }],
    ['text', { maxMessages: 1e9, maxBodyChars: 200 }],
  ])(
    'W-4: pauses polling when it holds all the %s that it may, says so, and goes on as messages are popped',
    async (_, limits) => {
      const { platform, workspace, options } = await start();
      await writeManyRows(platform, workspace.id, 30);
      const window = await openBridgeWindow(platform, {
        ...options,
        limits,
        env: { MOLECULE_HEARTBEAT_SECS: '0.1' },
      });
      await window.holds(30);
      await window.stands(({ phase }) => phase.includes('inbox is full'), 'full in the status');
      await writeManyRows(platform, workspace.id, 5, (number) => `message ${30 + number}`);
      const before = platform.requests.matching(FEED).length;
      for (let beat = 0; beat < 5; beat += 1) await platform.requests.nextAnswered(BEAT);
      expect(platform.requests.matching(FEED)).toHaveLength(before);

      const popped: string[] = [];
      await until(async () => {
        for (const { activity_id, text } of await window.peek()) {
          await window.agent.inbox.pop(activity_id);
          popped.push(text);
        }
        return popped.length === 35;
      }, 'all of them');
      expect(popped).toEqual(numbered(35));
      await window.stands(({ phase }) => phase === 'online', 'polling again');
    },
  );

  it('W-4: 10,000 rows are durable and readable in order, told as one digest', async () => {
    const { platform, workspace, options } = await start();
    await writeManyRows(platform, workspace.id, 10_000);
    const window = await openBridgeWindow(platform, options);
    const messages = await until(
      async () => (window.agent.inbox.waiting() === 10_000 ? await window.peek() : null),
      '10,000 messages',
      20_000,
    );
    expect(messages.map(({ text }) => text)).toEqual(numbered(10_000));
    await until(() => window.pushes.some(({ meta }) => meta.kind === 'inbox_digest'), 'a digest');
    expect(window.pushes.filter(({ meta }) => meta.kind !== 'inbox_digest').length).toBeLessThanOrEqual(50);
  });

  it('W-30: a host that stops reading costs no message: all are in the inbox, and what was pushed is bounded', async () => {
    const { platform, workspace, options } = await start();
    await writeManyRows(platform, workspace.id, 500);
    let asked = 0;
    const window = await openBridgeWindow(platform, {
      ...options,
      env: { MOLECULE_PUSH_WINDOW: '0' },
      takePush: () => {
        asked += 1;
        return new Promise<never>(() => {});
      },
    });
    await window.holds(500);
    expect(asked).toBe(1);
    expect(window.pushes).toEqual([]);
  });
});
