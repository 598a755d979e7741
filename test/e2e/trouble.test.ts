import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

describe('when something goes wrong', () => {
  it('goes on after the cursor was pruned (410), without loss or repeat', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
    await sayAsUser(platform, workspace, 'before');
    const [before] = await bridge.holds(1);
    await bridge.pushed(1);
    await bridge.pop(before?.activity_id ?? '');

    platform.faults.prune(workspace.id);
    await platform.requests.nextAnswered(({ status }) => status === 410);
    await sayAsUser(platform, workspace, 'after');
    expect((await bridge.holds(1)).map(({ text }) => text)).toEqual(['after']);
    const pushes = await bridge.pushed(2);
    expect(pushes.map(({ content }) => content.split('\n')[1])).toEqual(['before', 'after']);
  });

  it('stays up with a revoked token, and says so', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
    await sayAsUser(platform, workspace, 'kept');
    await bridge.holds(1);

    platform.revokeTokens(workspace.id);
    platform.issueToken(workspace.id);
    await until(
      async () => (await bridge.status()).workspaces[0]?.phase.includes('revoked'),
      'revoked in the status',
    );
    expect(await bridge.peek()).toHaveLength(1);
    expect(bridge.stderr.join('\n')).toMatch(/token/);
    expect(bridge.stderr.join('\n')).not.toContain(workspace.token);
  });

  it('keeps what was not popped over a restart, and offers it again as redelivered (W-3)', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const first = await startBridgeProcess(platform, { workspaces: [workspace] });
    await sayAsUser(platform, workspace, 'first');
    await sayAsUser(platform, workspace, 'second');
    const [popped] = await first.holds(2);
    await first.pushed(2);
    await first.pop(popped?.activity_id ?? '');
    await first.kill();

    const { stateFolder } = first;
    const second = await startBridgeProcess(platform, { workspaces: [workspace], stateFolder });
    const [push] = await second.pushed(1);
    expect(push?.content).toContain('second');
    expect(push?.meta.redelivered).toBe('true');
    expect((await second.peek()).map(({ text }) => text)).toEqual(['second']);
  });

  it('survives garbage on stdin', async () => {
    const { process: bridge, lines } = await startRaw();
    for (const line of [
      '{not json',
      '[]',
      '5',
      'null',
      '"x"',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":null}',
    ]) {
      bridge.stdin.write(`${line}\n`);
    }
    bridge.stdin.write('{"jsonrpc":"2.0","id":7,"method":"ping"}\n');
    await until(
      () => lines.some((line) => JSON.parse(line).id === 7),
      'the answer to a ping behind the garbage',
    );
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    expect(lines.some((line) => JSON.parse(line).error?.code === -32700)).toBe(true);
  });

  it.each(['EOF', 'SIGTERM', 'SIGINT'] as const)('ends within a second on %s', async (how) => {
    const { process: bridge } = await startRaw();
    const gone = once(bridge, 'exit');
    const at = performance.now();
    if (how === 'EOF') bridge.stdin.end();
    else bridge.kill(how);
    const [code] = await gone;
    expect(code).toBe(0);
    // A second, and one more for a machine under load.
    expect(performance.now() - at).toBeLessThan(2000);
  });

  /** The program without an MCP client around it, polling a real platform. */
  async function startRaw() {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const folder = createTempFolder('state');
    const bridge = spawn(process.execPath, ['dist/cli.js'], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        CONFIGS_DIR: folder,
        PLATFORM_URL: platform.url,
        WORKSPACE_ID: workspace.id,
        MOLECULE_WORKSPACE_TOKEN: workspace.token,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    let rest = '';
    bridge.stdout.setEncoding('utf8').on('data', (text: string) => {
      const pieces = (rest + text).split('\n');
      rest = pieces.pop() ?? '';
      lines.push(...pieces);
    });
    await platform.requests.answered(1, 'GET /workspaces/:id/activity');
    return { process: bridge, lines };
  }
});
