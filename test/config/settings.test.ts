import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ID, OTHER_ID, read, SINGLE, TOKEN, write } from './sources.ts';

const ids = ({ workspaces }: Awaited<ReturnType<typeof read>>) => workspaces.map(({ id }) => id);
const tokens = ({ workspaces }: Awaited<ReturnType<typeof read>>) =>
  workspaces.map(({ credentials }) => credentials.token());
const inFile = { workspaces: [{ id: OTHER_ID, token: 'file-token', platform_url: 'https://file.example' }] };

describe('where an option comes from', () => {
  const all = {
    env: { ...SINGLE, MOLECULE_POLL_SECS: '3' },
    args: ['--poll-secs', '2'],
    files: { 'state/config.json': { poll_secs: 4, heartbeat_secs: '11', push_window: 7 } },
  };

  it('flags beat the environment, that the file, that the defaults', async () => {
    const { options } = await read(all);
    expect(options.values).toMatchObject({ pollSecs: 2, heartbeatSecs: 11, pushWindow: 7, waitMaxSecs: 55 });
    expect(options.origins).toMatchObject({
      pollSecs: { kind: 'flag', name: '--poll-secs' },
      heartbeatSecs: { kind: 'file', name: 'config.json: heartbeat_secs' },
      waitMaxSecs: { kind: 'default' },
      platformUrl: { kind: 'environment', name: 'PLATFORM_URL' },
    });
    const withoutFlag = await read({ ...all, args: [] });
    expect(withoutFlag.options.values.pollSecs).toBe(3);
  });

  it('blank counts as not set, wherever it stands', async () => {
    const { options } = await read({
      ...all,
      args: ['--poll-secs='],
      env: { ...SINGLE, MOLECULE_POLL_SECS: '  ' },
    });
    expect(options.values.pollSecs).toBe(4);
  });

  it('a switch has a flag without a value, and one against it', async () => {
    const env = { ...SINGLE, MOLECULE_MCP_VERBOSE: '1' };
    expect((await read({ env })).options.values.verbose).toBe(true);
    expect((await read({ env, args: ['--no-verbose'] })).options.values.verbose).toBe(false);
    expect((await read({ env: SINGLE, args: ['--disable-inbox'] })).options.values.disableInbox).toBe(true);
  });

  it.each(['0', 'false', 'No', 'off'])('W-68: %s switches nothing on', async (value) => {
    const { options } = await read({ env: { ...SINGLE, MOLECULE_MCP_DISABLE_INBOX: value } });
    expect(options.values.disableInbox).toBe(false);
  });

  it('knows the other spellings of proxies, the strongest first', async () => {
    const env = { ...SINGLE, ALL_PROXY: 'http://all:1', https_proxy: 'proxy.example:3128' };
    const { options } = await read({ env });
    expect(options.values).toMatchObject({
      httpsProxy: 'http://proxy.example:3128',
      httpProxy: 'http://all:1',
    });
    expect(options.origins.httpsProxy.name).toBe('https_proxy');
  });
});

describe('the address of Stately’s inspector', () => {
  it.each(['https://stately.ai:port', 'stately.ai', 'https://'])('is not %s', async (address) => {
    const reading = await read({ env: { ...SINGLE, MOLECULE_STATELY_URL: address } });
    expect(reading.problems).toEqual([expect.stringContaining('MOLECULE_STATELY_URL')]);
  });
});

describe('who names the workspaces', () => {
  it('the environment alone, if it names any: neither the file nor .auth_token is consulted', async () => {
    const entry = [{ id: ID, token: TOKEN }];
    const reading = await read({
      env: { PLATFORM_URL: 'https://platform.example', MOLECULE_WORKSPACES: JSON.stringify(entry) },
      files: { 'state/config.json': inFile, 'state/.auth_token': 'other-token' },
    });
    expect(ids(reading)).toEqual([ID]);
    expect(tokens(reading)).toEqual([TOKEN]);
  });

  it('.auth_token completes a single WORKSPACE_ID', async () => {
    const { MOLECULE_WORKSPACE_TOKEN: _, ...env } = SINGLE;
    const reading = await read({
      env,
      files: { 'state/.auth_token': ` ${TOKEN}\n`, 'state/config.json': inFile },
    });
    expect(tokens(reading)).toEqual([TOKEN]);
    expect(reading.entries[0]?.setBy.token).toBe('.auth_token');
  });

  it('C3-8: the token file counts from whichever directory won', async () => {
    const { MOLECULE_WORKSPACE_TOKEN: _, ...env } = SINGLE;
    const reading = await read({
      env: { ...env, CONFIGS_DIR: '' },
      files: { '.molecule-workspace/.auth_token': TOKEN, 'state/.auth_token': 'other' },
    });
    expect(tokens(reading)).toEqual([TOKEN]);
  });

  it('the file, when the environment names none', async () => {
    const reading = await read({ files: { 'state/config.json': { ...inFile, org_id: 'org-1' } } });
    expect(reading.problems).toEqual([]);
    expect(reading.workspaces[0]).toMatchObject({ id: OTHER_ID, platformUrl: 'https://file.example' });
    expect(reading.options.values.orgId).toBe('org-1');
  });

  it('--workspace-id with --token-file, before everything else', async () => {
    const env = { ...SINGLE, MOLECULE_WORKSPACES: JSON.stringify([{ id: ID, token: 'x' }]) };
    const withFile = await read({
      env,
      args: ['--workspace-id', OTHER_ID, '--token-file', 'mine'],
      files: { 'state/mine': 'file-token\n' },
    });
    expect(tokens(withFile)).toEqual(['file-token']);
  });

  it('W-53: an entry may have a platform, an org id and a token file of its own', async () => {
    const entries = [
      { id: ID, token: TOKEN },
      {
        id: OTHER_ID,
        token_file: '~/tokens/other',
        platform_url: 'https://other.example/base/',
        org_id: 'org-2',
      },
    ];
    const reading = await read({
      env: { PLATFORM_URL: 'https://platform.example', MOLECULE_WORKSPACES: JSON.stringify(entries) },
      files: { 'tokens/other': 'other-token' },
    });
    expect(reading.problems).toEqual([]);
    expect(tokens(reading)).toEqual([TOKEN, 'other-token']);
    expect(reading.workspaces[1]).toMatchObject({
      platformUrl: 'https://other.example/base',
      orgId: 'org-2',
    });
  });
});

describe("the channel plugin's configuration", () => {
  const list = [{ workspace_id: ID, workspace_token: TOKEN, platformUrl: 'https://a.example/' }];
  const inHome = '.claude/channels/molecule/.env';

  it('is understood in the environment', async () => {
    const reading = await read({ env: { MOLECULE_WORKSPACES_JSON: JSON.stringify(list) } });
    expect(reading.workspaces[0]).toMatchObject({ id: ID, platformUrl: 'https://a.example' });
  });

  it('is understood as lists separated by commas', async () => {
    const env = {
      MOLECULE_WORKSPACE_IDS: `${ID}, ${OTHER_ID}`,
      MOLECULE_WORKSPACE_TOKENS: 'one,two',
      MOLECULE_PLATFORM_URL: 'https://a.example',
    };
    expect(tokens(await read({ env }))).toEqual(['one', 'two']);
    const own = await read({
      env: { ...env, MOLECULE_PLATFORM_URLS: 'https://b.example,https://c.example' },
    });
    expect(own.workspaces.map(({ platformUrl }) => platformUrl)).toEqual([
      'https://b.example',
      'https://c.example',
    ]);
    const uneven = await read({ env: { ...env, MOLECULE_WORKSPACE_TOKENS: 'one' } });
    expect(uneven.problems).toEqual([
      expect.stringMatching(/^MOLECULE_WORKSPACE_TOKENS has 1 entries for the 2/),
    ]);
  });

  const file = `# made by the canvas
MOLECULE_WORKSPACES_JSON=${JSON.stringify(list)}
MOLECULE_POLL_INTERVAL_MS=7000     # default 5s
MOLECULE_HEARTBEAT_INTERVAL_MS=30000
MOLECULE_POLL_WINDOW_SECS=60
MOLECULE_AGENT_NAME="Claude Code (channel)"
MOLECULE_AGENT_DESC='on a laptop'
`;

  it('is used from its .env when nothing else names a workspace, and said', async () => {
    const reading = await read({ files: { [inHome]: file } });
    expect(reading.problems).toEqual([]);
    expect(ids(reading)).toEqual([ID]);
    expect(reading.options.values).toMatchObject({
      pollSecs: 7,
      heartbeatSecs: 30,
      backlogSecs: 60,
      agentName: 'Claude Code (channel)',
      agentDescription: 'on a laptop',
    });
    expect(reading.options.origins.pollSecs.name).toMatch(/\.env: MOLECULE_POLL_INTERVAL_MS$/);
    expect(reading.notes).toEqual([expect.stringContaining('.env')]);
  });

  it('is left alone when the environment or the file names a workspace', async () => {
    const files = { [inHome]: file };
    expect((await read({ env: SINGLE, files })).options.values.pollSecs).toBe(5);
    const reading = await read({ files: { ...files, 'state/config.json': inFile } });
    expect(ids(reading)).toEqual([OTHER_ID]);
    expect(reading.options.values.agentName).toBe('');
  });

  it('is looked for where MOLECULE_STATE_DIR says', async () => {
    const { home } = await read({ files: { 'elsewhere/.env': file } });
    expect(ids(await read({ home, env: { MOLECULE_STATE_DIR: join(home, 'elsewhere') } }))).toEqual([ID]);
  });

  it('a heartbeat of 0 ms means none', async () => {
    const { options } = await read({ env: { ...SINGLE, MOLECULE_HEARTBEAT_INTERVAL_MS: '0' } });
    expect(options.values).toMatchObject({ disableHeartbeat: true, heartbeatSecs: 20 });
  });
});

describe('W-49: a rotated token is read again', () => {
  it('from .auth_token and from a token file', async () => {
    const { MOLECULE_WORKSPACE_TOKEN: _, ...env } = SINGLE;
    const single = await read({ env, files: { 'state/.auth_token': 'first' } });
    const credentials = single.workspaces[0]?.credentials;
    expect(await credentials?.refresh()).toBe(false);
    write(join(single.home, 'state/.auth_token'), 'second\n');
    expect(await credentials?.refresh()).toBe(true);
    expect(credentials?.token()).toBe('second');
    write(join(single.home, 'state/.auth_token'), 'cannot be\nsent');
    expect(await credentials?.refresh()).toBe(false);
    expect(credentials?.token()).toBe('second');
  });

  it('from the configuration file, as init writes it', async () => {
    const reading = await read({ files: { 'state/config.json': inFile } });
    const path = join(reading.home, 'state/config.json');
    write(path, { workspaces: [{ ...inFile.workspaces[0], token: 'second' }] });
    expect(await reading.workspaces[0]?.credentials.refresh()).toBe(true);
    expect(tokens(reading)).toEqual(['second']);
    write(path, '{ torn');
    expect(await reading.workspaces[0]?.credentials.refresh()).toBe(false);
  });

  it('not from the environment, which cannot change', async () => {
    const reading = await read({ env: SINGLE, files: { 'state/.auth_token': 'other' } });
    expect(await reading.workspaces[0]?.credentials.refresh()).toBe(false);
  });
});

it('a state directory that cannot be used is a problem, and nothing in it is read', async () => {
  const { home } = await read({ files: { file: 'no folder' } });
  const reading = await read({ home, env: { ...SINGLE, CONFIGS_DIR: join(home, 'file') } });
  expect(reading.directory).toBeNull();
  expect(reading.problems).toEqual([expect.stringContaining('CONFIGS_DIR')]);
});

it('the state directory is private', async () => {
  const { home } = await read({ env: SINGLE });
  expect(existsSync(join(home, 'state'))).toBe(true);
  expect(statSync(join(home, 'state')).mode & 0o777).toBe(0o700);
  expect(() => readFileSync(join(home, 'state/config.json'))).toThrow();
});

it('a flag whose name begins with "no" is no negation', async () => {
  const { options, problems } = await read({
    env: SINGLE,
    args: ['--no-proxy', 'a.example', '--http-proxy=p:1'],
  });
  expect(problems).toEqual([]);
  expect(options.values).toMatchObject({ noProxy: 'a.example', httpProxy: 'http://p:1' });
});
