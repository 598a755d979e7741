import { describe, expect, it } from 'vitest';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { Profile } from '../../src/local-platform/profile.ts';
import { type BridgeProcess, startBridgeProcess } from '../support/bridge-process.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';
import { until } from '../support/until.ts';

/** What a server of August has beside rows with `seq`, which show only once there are rows. */
const OF_HEAD = ['activity_ack', 'generation', 'requests', 'upload_limits'];

/** Resolves once the bridge says of its only workspace's server that it is one of that generation. */
async function finds(bridge: BridgeProcess, profile: Profile): Promise<void> {
  await until(
    async () => {
      const features = (await bridge.status()).workspaces[0]?.features ?? [];
      return profile === 'may'
        ? features.length === 0
        : OF_HEAD.every((feature) => features.includes(feature));
    },
    `a server of ${profile}`,
    20_000,
  );
}

/** Calls the platform as a workspace. */
async function callAs(platform: LocalPlatform, caller: TestWorkspace, path: string, json?: unknown) {
  const response = await fetch(platform.url + path, {
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    headers: { authorization: `Bearer ${caller.token}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function startOnHead(env: Readonly<Record<string, string>> = {}) {
  const platform = await startTestPlatform({ profile: 'head' });
  const workspace = await createPollWorkspace(platform);
  const bridge = await startBridgeProcess(platform, { workspaces: [workspace], env });
  return { platform, workspace, bridge };
}

describe('two generations of the server', () => {
  it('is found out by looking, and again after an upgrade and a rollback: nothing lost, nothing twice', async () => {
    const platform = await startTestPlatform({ profile: 'may' });
    const workspace = await createPollWorkspace(platform);
    const env = { MOLECULE_HEARTBEAT_SECS: '1' };
    const bridge = await startBridgeProcess(platform, { workspaces: [workspace], env });
    await sayAsUser(platform, workspace, 'on May');
    await bridge.holds(1);
    await finds(bridge, 'may');

    await platform.switchProfile('head');
    await sayAsUser(platform, workspace, 'on HEAD');
    await finds(bridge, 'head');
    await bridge.holds(2);
    expect((await bridge.status()).workspaces[0]?.features).toContain('row_seq');
    const first = (await bridge.peek())[0];
    expect(await bridge.pop(first?.activity_id ?? '')).toBe(true);

    await platform.switchProfile('may');
    await sayAsUser(platform, workspace, 'on May again');
    await finds(bridge, 'may');
    await bridge.holds(2);

    expect((await bridge.peek()).map(({ text }) => text)).toEqual(['on HEAD', 'on May again']);
    const pushes = await bridge.pushed(3);
    expect(new Set(pushes.map(({ meta }) => meta.activity_id)).size).toBe(pushes.length);
  }, 60_000);

  it('acknowledges what was popped, no further than what waits, and begins a new machine there', async () => {
    const { platform, workspace, bridge } = await startOnHead({ MOLECULE_CURSOR_LAG_SECS: '0' });
    await finds(bridge, 'head');
    await sayAsUser(platform, workspace, 'done with');
    await sayAsUser(platform, workspace, 'not read');
    await sayAsUser(platform, workspace, 'read too');
    const [done, , last] = await bridge.holds(3);
    await bridge.pop(done?.activity_id ?? '');
    await bridge.pop(last?.activity_id ?? '');

    const seqOf = (text: string) =>
      platform.rows(workspace.id).find((row) => JSON.stringify(row.request_body)?.includes(text))?.seq;
    const acked = () => platform.workspace(workspace.id)?.lastAckedSeq;
    await until(() => (acked() ?? -1) >= Number(seqOf('done with')), 'the acknowledgement', 60_000);
    expect(acked()).toBeLessThan(Number(seqOf('not read')));
    await bridge.close();

    const another = await startBridgeProcess(platform, { workspaces: [workspace] });
    await finds(another, 'head');
    expect((await another.holds(2)).map(({ text }) => text)).toEqual(['not read', 'read too']);
  }, 120_000);

  it('shows what the platform itself says as its notice, and reports it as observed once it is popped', async () => {
    const { platform, workspace, bridge } = await startOnHead({ MOLECULE_HEARTBEAT_SECS: '1' });
    await finds(bridge, 'head');
    const asker = await createPollWorkspace(platform, 'asker');
    await callAs(platform, asker, `/workspaces/${asker.id}/requests`, {
      kind: 'task',
      recipient_type: 'agent',
      recipient_id: workspace.id,
      title: 'forgotten',
    });
    platform.clock.shiftBy(11 * 60_000);
    // Whoever is silent for so long is not nudged.
    await until(() => {
      const { lastHeartbeatMicros = 0, status } = platform.workspace(workspace.id) ?? {};
      return status === 'online' && (lastHeartbeatMicros ?? 0) > platform.clock.nowMicros() - 60_000_000;
    }, 'a heartbeat since then');
    await platform.sweep();

    const notice = await until(
      async () => (await bridge.peek()).find(({ kind }) => kind === 'platform_notice'),
      'the notice',
    );
    expect(platform.workspace(workspace.id)?.generation).toBe(1);
    const push = await until(
      () => bridge.pushes.find(({ meta }) => meta.activity_id === notice.activity_id),
      'the push of the notice',
    );
    expect(push.content).toMatch(/^\[from the platform · notice\]/);
    expect(push.content).not.toContain('↩');
    expect(
      await bridge.refusal('send_message_to_user', { message: 'yes?', reply_to: notice.activity_id }),
    ).toContain('notice of the platform');
    expect(platform.workspace(workspace.id)?.observedGeneration).toBe(0);
    await bridge.pop(notice.activity_id);
    await until(() => platform.workspace(workspace.id)?.observedGeneration === 1, 'the observed generation');
  }, 60_000);

  it('brings a broadcast once: the whole text while the stream is open, else what the row holds, marked as cut', async () => {
    const { platform, workspace, bridge } = await startOnHead();
    await finds(bridge, 'head');
    const crier = await createPollWorkspace(platform, 'crier');
    const record = platform.workspace(crier.id);
    if (record) record.broadcastEnabled = true;
    const long = `hear ye: ${'all of you, '.repeat(30)}thank you`;
    await callAs(platform, crier, `/workspaces/${crier.id}/broadcast`, { message: long });
    const [heard] = await bridge.holds(1);
    expect(heard).toMatchObject({ kind: 'broadcast', peer_id: crier.id, text: long, peer_name: 'crier' });
    expect(heard).not.toHaveProperty('truncated');
    await bridge.pop(heard?.activity_id ?? '');
    await bridge.close();

    await callAs(platform, crier, `/workspaces/${crier.id}/broadcast`, { message: `again ${long}` });
    const { stateFolder } = bridge;
    const later = await startBridgeProcess(platform, { workspaces: [workspace], stateFolder });
    const [cut] = await later.holds(1);
    expect(cut).toMatchObject({ kind: 'broadcast', truncated: true });
    expect(`again ${long}`.startsWith((cut?.text ?? '').slice(0, -1))).toBe(true);
    expect(await later.peek()).toHaveLength(1);
  }, 60_000);

  it('brings a request to the inbox, answers it, and finds an open one again after a restart', async () => {
    const { platform, workspace, bridge } = await startOnHead();
    await finds(bridge, 'head');
    const asker = await createPollWorkspace(platform, 'asker');
    const ask = (title: string) =>
      callAs(platform, asker, `/workspaces/${asker.id}/requests`, {
        kind: 'approval',
        recipient_type: 'agent',
        recipient_id: workspace.id,
        title,
        detail: 'to staging',
      }) as Promise<{ request_id: string }>;
    const { request_id: first } = await ask('may I deploy?');
    const [message] = await bridge.holds(1);
    expect(message).toMatchObject({
      activity_id: first,
      kind: 'request',
      request_kind: 'approval',
      peer_id: asker.id,
      text: 'may I deploy?\n\nto staging',
    });
    expect(await bridge.refusal('respond_to_request', { request_id: first, answer: 'done' })).toContain(
      'approved',
    );
    await bridge.call('respond_to_request', { request_id: first, answer: 'approved' });
    expect(await bridge.peek()).toEqual([]);
    const answered = await callAs(platform, asker, `/workspaces/${asker.id}/requests/${first}`);
    expect(answered).toMatchObject({ request: { status: 'approved' } });
    expect(await bridge.call('respond_to_request', { request_id: first, answer: 'approved' })).toMatchObject({
      status: 'approved',
      repeated: true,
    });
    expect(await bridge.refusal('respond_to_request', { request_id: first, answer: 'rejected' })).toContain(
      'already resolved',
    );
    await bridge.close();

    const { request_id: second } = await ask('and now?');
    const later = await startBridgeProcess(platform, {
      workspaces: [workspace],
      stateFolder: bridge.stateFolder,
    });
    const [again] = await later.holds(1);
    expect(again?.activity_id).toBe(second);
    const list = await later.call<{ requests: { id: string }[] }>('list_requests');
    expect(list.requests.map(({ id }) => id)).toEqual([second]);
    // Popped, it does not come back, though it is open still.
    await later.pop(second);
    const { request_id: third } = await ask('the last one?');
    expect((await later.holds(1)).map(({ activity_id }) => activity_id)).toEqual([third]);
    await later.call('respond_to_request', { request_id: third, answer: 'ask', message: 'why?' });
    await callAs(platform, asker, `/workspaces/${asker.id}/requests/${third}/messages`, {
      body: 'because',
      author_type: 'agent',
    });
    const asked = await later.call<{ requests: { id: string }[] }>('list_requests');
    expect(asked.requests.find(({ id }) => id === third)).toMatchObject({
      status: 'info_requested',
      remarks: [
        { own: true, text: 'why?' },
        { own: false, text: 'because' },
      ],
    });
    await later.close();

    // Whoever starts anew may know nothing of what was popped and is owed.
    const last = await startBridgeProcess(platform, {
      workspaces: [workspace],
      stateFolder: bridge.stateFolder,
    });
    expect((await last.holds(2)).map(({ activity_id }) => activity_id)).toEqual([second, third]);
    await last.call('respond_to_request', { request_id: second, answer: 'approved' });
    await last.call('respond_to_request', { request_id: third, answer: 'rejected' });
    expect(await last.peek()).toEqual([]);
  }, 60_000);

  it('says on a server of May that there are no requests', async () => {
    const platform = await startTestPlatform({ profile: 'may' });
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
    expect(await bridge.refusal('list_requests')).toContain('does not offer');
  });
});
