import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

describe('two windows, each a process of its own', () => {
  it('W-15: when the one that delivers is killed, the other takes over within 5 s, without a gap or a repeat', async () => {
    const platform = await startTestPlatform();
    const workspaces = [await createPollWorkspace(platform)];
    const [workspace] = workspaces;
    if (!workspace) throw new Error('no workspace');
    const first = await startBridgeProcess(platform, { workspaces });
    await until(async () => (await first.status()).workspaces[0]?.online, 'the first is online');
    const second = await startBridgeProcess(platform, { workspaces, stateFolder: first.stateFolder });
    await until(
      async () => (await second.status()).workspaces[0]?.deliveredBy?.pid === first.pid,
      'the second stands by',
    );

    for (const text of ['popped', 'kept', 'kept too']) await sayAsUser(platform, workspace, text);
    const [popped] = await second.holds(3);
    expect(await second.pop(popped?.activity_id ?? '')).toBe(true);
    expect(second.pushes).toEqual([]);

    const said = sayAsUser(platform, workspace, 'said at the kill');
    await first.kill();
    const killedAt = performance.now();
    await until(
      async () => (await second.status()).workspaces[0]?.delivery === 'delivering',
      'the second delivers',
      5_000,
    );
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    await said;
    await sayAsUser(platform, workspace, 'said later');

    const expected = ['kept', 'kept too', 'said at the kill', 'said later'];
    expect((await second.holds(4)).map(({ text }) => text)).toEqual(expected);
    const pushes = await second.pushed(4);
    expect(pushes.map(({ content }) => content.split('\n')[1])).toEqual(expected);
  });
});
