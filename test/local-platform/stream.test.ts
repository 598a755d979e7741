import { describe, expect, it } from 'vitest';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { listen } from './recordings/listen.ts';

const start = async () => {
  const platform = await startTestPlatform();
  const agent = await createPollWorkspace(platform);
  return { platform, agent, open: () => listen(platform, agent.id, agent.token) };
};

describe('the wake-up stream', () => {
  it('tells of a row once it can be read, and to nobody else', async () => {
    const { platform, agent, open } = await start();
    const stream = await open();
    const other = await createPollWorkspace(platform, 'other');
    const held = platform.faults.commits.hold();
    await sayAsUser(platform, other, 'not for you');
    await sayAsUser(platform, agent, 'for you');
    expect(platform.rows(agent.id)).toEqual([]);
    held.off();
    expect(await stream.events(1)).toMatchObject([
      { type: 'ACTIVITY_LOGGED', data: { target_id: agent.id } },
    ]);
    expect(platform.rows(agent.id)).toHaveLength(1);
    stream.close();
  });

  it('outlives its token, as the server checks it at connect alone', async () => {
    const { platform, agent, open } = await start();
    const stream = await open();
    platform.revokeTokens(agent.id);
    await sayAsUser(platform, agent, 'still there?');
    expect(await stream.events(1)).toHaveLength(1);
    stream.close();
    await expect(open()).rejects.toThrow('401');
  });

  it('can be absent, cut, silent and buffered', async () => {
    const { platform, agent, open } = await start();
    const { stream: faults } = platform.faults;
    faults.mode = 'absent';
    await expect(open()).rejects.toThrow('404');

    faults.mode = 'normal';
    const cut = await open();
    expect(faults.open).toBe(1);
    faults.cut();
    await expect(cut.events(1)).rejects.toThrow();
    expect(faults.open).toBe(0);

    const buffered = await open();
    faults.mode = 'silent';
    await sayAsUser(platform, agent, 'never told');
    faults.mode = 'buffered';
    await sayAsUser(platform, agent, 'told later');
    faults.flush();
    const [event] = (await buffered.events(1)) as [{ data: { request_body: unknown } }];
    expect(JSON.stringify(event.data.request_body)).toContain('told later');
    buffered.close();
  });
});
