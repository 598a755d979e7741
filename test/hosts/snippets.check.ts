import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli.ts';
import { install } from './installation.ts';

const cli = useCli();

/** The first line of a snippet: the host's own command. */
function commandIn(shown: string): string {
  const line = shown.split('\n').find((candidate) => /^ {4}(claude|codex|gemini) mcp add /.test(candidate));
  if (!line) throw new Error(`no command in ${shown}`);
  return line.trim();
}

describe('what init writes is accepted by the host’s own commands', () => {
  it('Claude Code: connected', async () => {
    const { run } = await install(cli, '--write=claude-code');
    expect(await run('claude mcp list')).toMatch(/molecule: .*cli\.cjs - ✔ Connected/);
    expect(await run('claude mcp get molecule')).toContain('Scope: User config');
  });

  it('Codex: listed, beside what was there', async () => {
    const { home, run, program } = await install(cli, '--host=codex');
    const path = join(home, '.codex/config.toml');
    mkdirSync(dirname(path));
    writeFileSync(path, '# mine\nmodel = "o3" # kept\n\n[mcp_servers.other]\ncommand = "true"\n');
    await program('init', '--write=codex');
    const list = await run('codex mcp list');
    expect(list).toMatch(/^other +true/m);
    expect(list).toMatch(new RegExp(`^molecule +\\S+ +${cli.path.replaceAll('.', '\\.')} .*enabled`, 'm'));
    expect(readFileSync(path, 'utf8')).toMatch(/^# mine\nmodel = "o3" # kept\n/);
  });

  it('Gemini CLI: connected, in a folder that it trusts', async () => {
    const { home, run } = await install(cli, '--write=gemini');
    const trusted = join(home, '.gemini/trustedFolders.json');
    writeFileSync(trusted, JSON.stringify({ [join(home, 'project')]: 'TRUST_FOLDER' }));
    expect(await run('gemini mcp list')).toMatch(/molecule: .*cli\.cjs \(stdio\) - Connected/);
  });
});

describe('an entry that led to a server at a URL becomes one that the host starts', () => {
  const url = 'http://127.0.0.1:1/mcp';
  const json = (entry: object) => JSON.stringify({ mcpServers: { molecule: entry } });
  const headers = { Authorization: 'Bearer x' };
  it.each([
    [
      'claude-code',
      '.claude.json',
      json({ type: 'http', url, headers, oauth: { clientId: 'x' } }),
      'claude mcp list',
      /molecule: .*cli\.cjs - ✔ Connected/,
    ],
    [
      'codex',
      '.codex/config.toml',
      `[mcp_servers.molecule]\nurl = "${url}"\nbearer_token_env_var = "X"\n\n[mcp_servers.molecule.http_headers]\na = "b"\n`,
      'codex mcp list',
      /^molecule .*cli\.cjs .*enabled/m,
    ],
    [
      'gemini',
      '.gemini/settings.json',
      json({ httpUrl: url, headers, authProviderType: 'google_credentials' }),
      'gemini mcp list',
      /molecule: .*cli\.cjs \(stdio\) - Connected/,
    ],
  ])('%s', async (host, file, text, list, shows) => {
    const { home, program, run } = await install(cli, '--host=generic');
    const path = join(home, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    mkdirSync(join(home, '.gemini'), { recursive: true });
    writeFileSync(
      join(home, '.gemini/trustedFolders.json'),
      JSON.stringify({ [join(home, 'project')]: 'TRUST_FOLDER' }),
    );
    await program('init', `--write=${host}`);
    expect(await run(list)).toMatch(shows);
  });
});

describe('the commands that init prints do the same', () => {
  it.each([
    ['claude-code', 'claude mcp list', /molecule: .* - ✔ Connected/],
    ['codex', 'codex mcp list', /^molecule .*enabled/m],
    ['gemini', 'gemini mcp list', /molecule: .* \(stdio\)/],
  ])('%s', async (host, list, shows) => {
    const { program, run } = await install(cli, '--host=generic');
    await run(commandIn(await program('init', `--host=${host}`)));
    expect(await run(list)).toMatch(shows);
  });

  it('with the state directory, where a host would not find it by itself', async () => {
    const { home, run } = await install(cli, '--host=generic');
    const state = join(home, 'a folder of mine');
    const env = { CONFIGS_DIR: state };
    const init = `${process.execPath} ${cli.path} init --no-check --workspace-id=6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11 --platform-url=http://127.0.0.1:1`;
    await run(commandIn(await run(`${init} --host=codex`, { ...env, MOLECULE_WORKSPACE_TOKEN: 'token' })));
    expect(await run('codex mcp get molecule --json')).toContain(`"CONFIGS_DIR": "${state}"`);
  });
});
