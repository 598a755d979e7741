import { describe, expect, it } from 'vitest';
import { serverError } from '../../src/local-platform/faults/fault.ts';
import type { SeenRequest } from '../../src/local-platform/request-log.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

describe('presence on a server of August', () => {
  it('repairs a refused registration at once: the workspace does not stay degraded', async () => {
    const platform = await startTestPlatform({ profile: 'head' });
    const workspace = await createPollWorkspace(platform);
    const record = platform.workspace(workspace.id);
    if (!record) throw new Error('no workspace');
    // As the server notes it when it refuses a registration that bore a valid token.
    record.registerRefusedMs = platform.clock.nowMs();
    platform.faults.on('POST /registry/register', serverError(409, 'refused'));

    await startBridgeProcess(platform, {
      workspaces: [workspace],
      env: { MOLECULE_HEARTBEAT_SECS: '0.5' },
    });
    await platform.requests.answered(2, 'POST /registry/heartbeat');
    const tries = platform.requests.matching('POST /registry/register').map(({ status }) => status);
    expect(tries).toEqual([409, 200]);
    await until(() => platform.workspace(workspace.id)?.status === 'online', 'a workspace that is online');
    expect(record.registerRefusedMs).toBeNull();
  }, 40_000);

  it('says in each heartbeat what that server reads, in the types that it takes', async () => {
    const platform = await startTestPlatform({ profile: 'head' });
    const workspace = await createPollWorkspace(platform);
    await startBridgeProcess(platform, {
      workspaces: [workspace],
      env: { MOLECULE_HEARTBEAT_SECS: '0.2' },
    });
    const isReady = ({ json }: SeenRequest) =>
      (json as { mcp_tools_ready?: boolean })?.mcp_tools_ready === true;
    const beats = () => platform.requests.matching('POST /registry/heartbeat');
    const { json } = await until(() => beats().find(isReady), 'a beat of a ready host');
    expect(json).toMatchObject({
      is_busy: false,
      mcp_server_present: true,
      first_ready_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      active_tasks: 0,
      current_task: '',
    });
    expect(new Set(beats().map(({ status = 200 }) => status))).toEqual(new Set([200]));
  }, 40_000);
});
