import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

describe('two workspaces in one bridge', () => {
  it('says where each message arrived, and answers leave from there (W-9)', async () => {
    const platform = await startTestPlatform();
    const workspaces = [
      await createPollWorkspace(platform, 'private'),
      await createPollWorkspace(platform, 'company'),
    ] as const;
    const bridge = await startBridgeProcess(platform, { workspaces });
    const [, company] = workspaces;
    await sayAsUser(platform, company, 'to the company');

    const [message] = await bridge.holds(1);
    expect(message).toMatchObject({ text: 'to the company', arrival_workspace_id: company.id });
    const [push] = await bridge.pushed(1);
    expect(push?.meta.arrival_workspace_id).toBe(company.id);
    expect(push?.content).toContain(`workspace_id: "${company.id}"`);

    expect(await bridge.refusal('send_message_to_user', { message: 'to whom?' })).toContain(company.id);
    await bridge.call('send_message_to_user', {
      message: 'from the company',
      reply_to: message?.activity_id,
    });
    expect(platform.rows(company.id).at(-1)).toMatchObject({ response_body: { result: 'from the company' } });
    expect(platform.rows(workspaces[0].id)).toEqual([]);
  });

  it.each(['delegate_task', 'delegate_task_async'])(
    'W-9: %s answers a peer from where its message arrived, and refuses with the list to guess',
    async (tool) => {
      const platform = await startTestPlatform();
      const [home, company, peer] = [
        await createPollWorkspace(platform, 'private'),
        await createPollWorkspace(platform, 'company'),
        await createPollWorkspace(platform, 'peer'),
      ];
      const bridge = await startBridgeProcess(platform, { workspaces: [home, company] });
      const task = { workspace_id: peer.id, task: 'looks good' };
      const refused = await bridge.refusal(tool, task);
      for (const { id } of [home, company]) expect(refused).toContain(id);

      await sayAsPeer(platform, peer, company, 'please review');
      const [message] = await bridge.holds(1);
      const answer = { ...task, reply_to: message?.activity_id };
      expect(await bridge.call(tool, answer)).toMatchObject({
        source_workspace_id: company.id,
        popped: message?.activity_id,
      });
      expect(await bridge.peek()).toEqual([]);
      await until(
        () => platform.rows(peer.id).find((row) => JSON.stringify(row).includes('looks good')),
        'the answer at the peer',
      );
      expect(platform.rows(peer.id).map(({ source_id }) => source_id)).toEqual([company.id]);
      // From here on the peer is known through one of the two, but an answer says which message it answers, or from where.
      expect(await bridge.refusal(tool, answer)).toContain('may have been answered');
    },
  );

  it('lets one with a bad token hurt nobody else (W-26)', async () => {
    const platform = await startTestPlatform();
    const good = await createPollWorkspace(platform, 'good');
    const bad = { ...(await createPollWorkspace(platform, 'bad')), token: 'not-the-token' };
    const bridge = await startBridgeProcess(platform, { workspaces: [bad, good] });
    await sayAsUser(platform, good, 'still here');

    expect((await bridge.holds(1))[0]).toMatchObject({ arrival_workspace_id: good.id });
    const status = await until(async () => {
      const { workspaces } = await bridge.status();
      return workspaces.find(({ workspaceId, phase }) => workspaceId === bad.id && phase.includes('revoked'));
    }, 'the bad one revoked');
    expect(status.online).toBe(false);
    expect(bridge.stderr.join('\n')).toContain(bad.id);
    expect(bridge.stderr.join('\n')).not.toContain('not-the-token');
  });
});
