import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { useCli } from '../support/cli.ts';
import { sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const cli = useCli();

/** A platform with a workspace, and a home directory in which nothing is configured. */
async function newUser() {
  const platform = await startTestPlatform();
  const workspace = platform.createWorkspace({ name: 'Laptop' });
  const home = createTempFolder('home');
  const state = join(home, '.molecule-workspace');
  const given = [
    '--platform-url',
    `${platform.url}/`,
    '--workspace-id',
    workspace.id.toUpperCase(),
    '--token-stdin',
  ];
  return {
    platform,
    workspace,
    home,
    config: join(state, 'config.json'),
    read: () => JSON.parse(readFileSync(join(state, 'config.json'), 'utf8')),
    init: (
      args: readonly string[] = given,
      env: Readonly<Record<string, string>> = {},
      input = `${workspace.token}\n`,
    ) => cli.run(['init', ...args], { env: { HOME: home, ...env }, input, cwd: home }),
    given,
  };
}

describe('molecule-inbox init', () => {
  it('checks the token without registering, writes the configuration, shows every host', async () => {
    const { platform, workspace, init, config, read } = await newUser();
    const { code, stdout, stderr } = await init();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(platform.requests.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    expect(read()).toEqual({
      version: 1,
      workspaces: [{ id: workspace.id, token: workspace.token, platform_url: platform.url }],
    });
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(stdout).toContain(`${workspace.id}: the platform accepts the token for "Laptop"\n`);
    for (const host of ['Claude Code', 'Codex', 'Cursor', 'VS Code', 'Gemini CLI', 'mcp.json'])
      expect(stdout).toContain(host);
    expect(stdout).toContain('claude --dangerously-load-development-channels server:molecule');
    expect(stdout).not.toContain(workspace.token);
    expect(stdout).not.toContain('CONFIGS_DIR');
    expect(stdout).not.toContain('This shell sets');
    expect(stdout).toContain('`molecule-inbox init --write HOST` puts it into the file of a host for you.');
  });

  it('says when the shell names a workspace, too, which beats the file', async () => {
    const { platform, workspace, init } = await newUser();
    const env = { WORKSPACE_ID: workspace.id, MOLECULE_WORKSPACE_TOKEN: workspace.token };
    const { code, stdout } = await init([`--platform-url=${platform.url}`], env, '');
    expect(code).toBe(0);
    expect(stdout).toContain('This shell sets WORKSPACE_ID, which beats that file');
  });

  it('a bridge and doctor then need nothing else', async () => {
    const { platform, workspace, home, init } = await newUser();
    await init();
    const env = {
      HOME: home,
      CONFIGS_DIR: '',
      PLATFORM_URL: '',
      WORKSPACE_ID: '',
      MOLECULE_WORKSPACE_TOKEN: '',
      MOLECULE_WORKSPACES: '',
    };
    const bridge = await startBridgeProcess(platform, { program: cli.path, workspaces: [], env });
    await sayAsUser(platform, workspace, 'welcome');
    expect((await bridge.holds(1)).map(({ text }) => text)).toEqual(['welcome']);
    const doctor = await cli.run(['doctor'], { env: { HOME: home }, cwd: home });
    expect(doctor.stdout).toContain('named by config.json');
    expect(doctor.stdout).not.toContain('FAIL');
  });

  it('adds a second workspace, replaces one that is there, keeps what it does not know', async () => {
    const { platform, workspace, init, given, config, read } = await newUser();
    await init();
    writeFileSync(config, JSON.stringify({ ...read(), poll_secs: 9, mine: { a: 1 } }), { mode: 0o600 });
    const other = platform.createWorkspace({ name: 'Other' });
    const args = [
      '--platform-url',
      platform.url,
      '--workspace-id',
      other.id,
      '--token-stdin',
      '--agent-name',
      'laptop',
      '--org-id',
      'o-1',
    ];
    expect(await init(args, {}, other.token)).toMatchObject({ code: 0 });
    const renewed = platform.issueToken(workspace.id);
    expect(await init(given, {}, renewed)).toMatchObject({ code: 0 });
    expect(read()).toEqual({
      version: 1,
      workspaces: [
        { id: workspace.id, token: renewed, platform_url: platform.url },
        { id: other.id, token: other.token, platform_url: platform.url, org_id: 'o-1' },
      ],
      poll_secs: 9,
      mine: { a: 1 },
      agent_name: 'laptop',
    });
  });

  it('writes a setting that is given as a flag, too, when there is nothing else to write', async () => {
    const { init, read } = await newUser();
    await init();
    const before = read();
    const run = await init(['--agent-name=laptop', '--push-window', '9', '--host=codex'], {}, '');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('readable by you alone');
    expect(read()).toEqual({ ...before, agent_name: 'laptop', push_window: 9 });
  });

  it('leaves a token in the file where it is', async () => {
    const { platform, workspace, home, init, read } = await newUser();
    writeFileSync(join(home, 'secret'), `${workspace.token}\n`, { mode: 0o600 });
    const args = ['--platform-url', platform.url, '--workspace-id', workspace.id, '--token-file', '~/secret'];
    expect(await init(args)).toMatchObject({ code: 0 });
    expect(read().workspaces).toEqual([
      { id: workspace.id, token_file: join(home, 'secret'), platform_url: platform.url },
    ]);
  });

  it('takes over what the channel plugin was configured with', async () => {
    const { platform, workspace, home, init, read } = await newUser();
    const entry = { id: workspace.id, token: workspace.token, platform_url: `${platform.url}/` };
    mkdirSync(join(home, '.claude/channels/molecule'), { recursive: true });
    writeFileSync(
      join(home, '.claude/channels/molecule/.env'),
      `MOLECULE_WORKSPACES_JSON=${JSON.stringify([entry])}\n`,
    );
    expect(await init(['--import'])).toMatchObject({ code: 0 });
    expect(read().workspaces).toEqual([{ ...entry, platform_url: platform.url }]);
  });

  it('writes into hosts’ files, tells what was there, and asks nothing twice', async () => {
    const { home, init, given, workspace } = await newUser();
    const claude = join(home, '.claude.json');
    writeFileSync(
      claude,
      JSON.stringify({
        theme: 'dark',
        mcpServers: { molecule: { command: 'molecule-mcp', env: { WORKSPACE_ID: 'x' } } },
      }),
    );
    const first = await init([...given, '--write', 'claude-code,codex']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`Claude Code: changed "molecule" in ${claude}`);
    expect(first.stdout).toContain('Before, it was: molecule-mcp');
    expect(first.stdout).toContain('still sets WORKSPACE_ID, which beats the configuration file');
    expect(JSON.parse(readFileSync(claude, 'utf8'))).toMatchObject({
      theme: 'dark',
      mcpServers: { molecule: { type: 'stdio', command: process.execPath, args: [cli.path] } },
    });
    expect(readFileSync(join(home, '.codex/config.toml'), 'utf8')).toMatch(
      /^\[mcp_servers\.molecule\]\ncommand = /,
    );
    expect(first.stdout).not.toContain('Cursor');

    const later = await init(['--write=gemini', '--name', 'inbox'], {}, '');
    expect(later).toMatchObject({ code: 0, stderr: '' });
    expect(later.stdout).toContain('is configured already');
    const gemini = JSON.parse(readFileSync(join(home, '.gemini/settings.json'), 'utf8'));
    expect(Object.keys(gemini.mcpServers)).toEqual(['inbox']);
    expect(`${first.stdout}${later.stdout}`).not.toContain(workspace.token);
  });

  it('names the state directory to the host when a host would not find it by itself', async () => {
    const { home, init, given } = await newUser();
    const { stdout } = await init([...given, '--host', 'generic'], { CONFIGS_DIR: join(home, 'elsewhere') });
    expect(stdout).toContain(`"CONFIGS_DIR": "${join(home, 'elsewhere')}"`);
    expect(existsSync(join(home, 'elsewhere/config.json'))).toBe(true);
  });

  describe('writes nothing', () => {
    it('when the only token is that of another workspace, which is not even asked about', async () => {
      const { platform, workspace, init, config } = await newUser();
      const other = platform.createWorkspace({ name: 'Other' });
      const args = [`--platform-url=${platform.url}`, `--workspace-id=${other.id}`];
      const env = { WORKSPACE_ID: workspace.id, MOLECULE_WORKSPACE_TOKEN: workspace.token };
      expect(await init(args, env)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('MOLECULE_WORKSPACE_TOKEN without WORKSPACE_ID, which says that'),
      });
      expect(existsSync(config)).toBe(false);
      expect(platform.requests.seen).toEqual([]);
    });

    it.each([
      ['when the token is refused', 3, 'not-the-token', [], 'does not accept the token (--token-stdin)'],
      [
        'when the token can never be sent',
        2,
        'two words',
        [],
        'the token (--token-stdin) contains white space',
      ],
      [
        'when nothing is given and nobody can be asked',
        2,
        '',
        ['--token-stdin'],
        'not everything was given: --platform-url URL; --workspace-id ID',
      ],
      [
        'when the host is unknown',
        2,
        '',
        ['--write', 'emacs'],
        'there is no host "emacs"; there are claude-code',
      ],
      ['when a flag is unknown', 2, '', ['--tokn'], 'there is no flag --tokn'],
      ['when a setting is wrong', 2, '', ['--poll-secs', 'x'], '--poll-secs must be a number'],
    ] as const)('%s', async (_what, code, input, args, says) => {
      const { init, given, config, workspace } = await newUser();
      const run = await init(args.length > 0 ? args : given, {}, input);
      expect(run).toMatchObject({ code, stderr: expect.stringContaining(says) });
      expect(existsSync(config)).toBe(false);
      expect(run.stderr).not.toContain(workspace.token);
    });

    it('when the platform cannot be reached, unless told not to ask', async () => {
      const { platform, init, given, config, read } = await newUser();
      await platform.goDown();
      expect(await init()).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('nobody listens there'),
      });
      expect(existsSync(config)).toBe(false);
      expect(await init([...given, '--no-check'])).toMatchObject({ code: 0 });
      expect(read().workspaces).toHaveLength(1);
    });

    it('into a configuration file that it cannot read', async () => {
      const { init, home, config } = await newUser();
      mkdirSync(join(home, '.molecule-workspace'), { mode: 0o700 });
      writeFileSync(config, '{ torn', { mode: 0o600 });
      expect(await init()).toMatchObject({ code: 2, stderr: expect.stringContaining('is not valid JSON') });
      expect(readFileSync(config, 'utf8')).toBe('{ torn');
    });
  });
});
