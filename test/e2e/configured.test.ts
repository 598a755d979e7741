import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { useCli } from '../support/cli.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { CA_FILE, startTlsFront } from '../support/tls-front.ts';
import { startTunnelProxy } from '../support/tunnel-proxy.ts';
import { until } from '../support/until.ts';

const cli = useCli();
const NONE = { WORKSPACE_ID: '', MOLECULE_WORKSPACE_TOKEN: '', MOLECULE_WORKSPACES: '', PLATFORM_URL: '' };
const FEED = 'GET /workspaces/:id/activity';
const writePrivate = (path: string, text: string) => writeFileSync(path, text, { mode: 0o600 });

describe('a bridge is configured', () => {
  it('W-53: with entries on platforms of their own, each of which sees its own workspace alone', async () => {
    const [one, two] = [await startTestPlatform(), await startTestPlatform({ orgId: 'org-2' })];
    const [first, second] = [one.createWorkspace({ name: 'one' }), two.createWorkspace({ name: 'two' })];
    const entries = [
      { id: first.id, token: first.token },
      { id: second.id, token: second.token, platform_url: `${two.url}/`, org_id: 'org-2' },
    ];
    const bridge = await startBridgeProcess(one, {
      program: cli.path,
      workspaces: [],
      env: { MOLECULE_WORKSPACES: JSON.stringify(entries) },
    });
    await sayAsUser(one, first, 'to the first');
    await bridge.holds(1);
    await two.writeRow(second.id, {
      activityType: 'a2a_receive',
      method: 'message/send',
      requestBody: {
        params: { message: { role: 'user', parts: [{ kind: 'text', text: 'to the second' }] } },
      },
    });
    const messages = await bridge.holds(2);
    expect(messages.map(({ text, arrival_workspace_id }) => [text, arrival_workspace_id])).toEqual([
      ['to the first', first.id],
      ['to the second', second.id],
    ]);
    for (const [platform, workspace] of [
      [one, first],
      [two, second],
    ] as const) {
      const seen = platform.requests.seen.filter(({ headers }) => headers['user-agent'] === 'molecule-inbox');
      expect(seen.length).toBeGreaterThan(2);
      expect(new Set(seen.flatMap(({ id }) => id ?? []))).toEqual(new Set([workspace.id]));
      expect(seen.filter(({ status }) => status === 401)).toEqual([]);
    }
  });

  it.each(['.auth_token', 'token_file', 'config.json'] as const)(
    'W-49: with a token in %s, which is read again once it was rotated',
    async (place) => {
      const platform = await startTestPlatform();
      const workspace = await createPollWorkspace(platform);
      const stateFolder = createTempFolder('state');
      const entry = { id: workspace.id, platform_url: platform.url };
      const [file, write] = {
        '.auth_token': ['.auth_token', (token: string) => `${token}\n`],
        token_file: ['my-token', (token: string) => token],
        'config.json': [
          'config.json',
          (token: string) => JSON.stringify({ workspaces: [{ ...entry, token }] }),
        ],
      }[place] as [string, (token: string) => string];
      writePrivate(join(stateFolder, file), write(workspace.token));
      const named = {
        '.auth_token': { PLATFORM_URL: platform.url, WORKSPACE_ID: workspace.id },
        token_file: { MOLECULE_WORKSPACES: JSON.stringify([{ ...entry, token_file: 'my-token' }]) },
        'config.json': {},
      }[place];
      const bridge = await startBridgeProcess(platform, {
        program: cli.path,
        workspaces: [],
        stateFolder,
        env: { ...NONE, ...named },
      });
      await sayAsUser(platform, workspace, 'before');
      await bridge.holds(1);

      platform.revokeTokens(workspace.id);
      const rotated = platform.issueToken(workspace.id);
      writePrivate(join(stateFolder, file), write(rotated));
      await sayAsUser(platform, workspace, 'after');
      expect((await bridge.holds(2)).map(({ text }) => text)).toEqual(['before', 'after']);
      expect(bridge.stderr.join('\n')).not.toContain(rotated);
    },
  );

  it('to reach a platform through a proxy and with an authority of the user', async () => {
    const platform = await startTestPlatform({ origins: ['https://platform.test'] });
    const workspace = await createPollWorkspace(platform);
    const proxy = await startTunnelProxy({ port: await startTlsFront(platform.port) });
    const bridge = await startBridgeProcess(platform, {
      program: cli.path,
      workspaces: [workspace],
      env: { PLATFORM_URL: 'https://platform.test', HTTPS_PROXY: proxy.url, SSL_CERT_FILE: CA_FILE },
    });
    await sayAsUser(platform, workspace, 'through the wall');
    expect((await bridge.holds(1)).map(({ text }) => text)).toEqual(['through the wall']);
    expect(new Set(proxy.targets)).toEqual(new Set(['platform.test:443']));
  });
});

describe('a bridge is told to', () => {
  it('leave the inbox alone (MOLECULE_MCP_DISABLE_INBOX): no polls, no pushes, and the tools say so', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const env = { MOLECULE_MCP_DISABLE_INBOX: '1', MOLECULE_HEARTBEAT_SECS: '0.1' };
    const bridge = await startBridgeProcess(platform, { program: cli.path, workspaces: [workspace], env });
    await sayAsUser(platform, workspace, 'unheard', [{ name: 'a.txt', bytes: 'a' }]);
    await platform.requests.answered(5, 'POST /registry/heartbeat');
    for (const tool of ['inbox_peek', 'wait_for_message'])
      expect(await bridge.refusal(tool, {})).toContain('MOLECULE_MCP_DISABLE_INBOX');
    expect(platform.requests.matching(FEED)).toEqual([]);
    expect(platform.requests.matching(({ path }) => path.includes('pending-uploads'))).toEqual([]);
    expect(bridge.pushes).toEqual([]);
    await bridge.call('send_message_to_user', { message: 'still talking' });
  });

  it('keep its presence to itself (MOLECULE_MCP_DISABLE_HEARTBEAT): no registration, no beats, messages all the same', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const env = { MOLECULE_MCP_DISABLE_HEARTBEAT: '1', MOLECULE_HEARTBEAT_SECS: '0.1' };
    const bridge = await startBridgeProcess(platform, { program: cli.path, workspaces: [workspace], env });
    await sayAsUser(platform, workspace, 'heard');
    expect((await bridge.holds(1)).map(({ text }) => text)).toEqual(['heard']);
    await platform.requests.answered(5, FEED);
    expect(platform.requests.matching(({ path }) => path.startsWith('/registry/'))).toEqual([]);
  });

  it.each([
    ['say more (MOLECULE_MCP_VERBOSE)', '1', true],
    ['keep quiet while all is well', '0', false],
  ])('%s', async (_what, MOLECULE_MCP_VERBOSE, talks) => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, {
      program: cli.path,
      workspaces: [workspace],
      env: { MOLECULE_MCP_VERBOSE },
    });
    await platform.requests.answered(3, FEED);
    if (talks)
      await until(() => bridge.stderr.some((line) => line.includes('/activity: 200')), 'a line of each poll');
    else expect(bridge.stderr).toEqual([]);
    expect(bridge.stderr.join('\n')).not.toContain(workspace.token);
  });
});
