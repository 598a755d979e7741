import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host, HostPlaces } from '../../src/init/hosts/host.ts';
import { findHost, hosts } from '../../src/init/hosts/hosts.ts';
import { launchOf } from '../../src/init/launch.ts';
import { snippetOf } from '../../src/init/snippet.ts';
import { writeHost } from '../../src/init/write-host.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const LAUNCH = {
  command: '/usr/bin/node',
  args: ['/opt/molecule inbox/cli.js'],
  env: { CONFIGS_DIR: '/state' },
};

function places(env: HostPlaces['env'] = {}): HostPlaces {
  const home = createTempFolder('home');
  return { home, workingDirectory: join(home, 'project'), env, platform: 'linux' };
}

function host(id: string): Host {
  const found = findHost(id);
  if (!found) throw new Error(`no host ${id}`);
  return found;
}

/** The host, whose program writes the next of these texts each time that its file has been read. */
function writingMeanwhile(written: Host, path: string, texts: readonly string[]): Host {
  const left = [...texts];
  return {
    ...written,
    entry(launch) {
      const text = left.shift();
      if (text !== undefined) writeFileSync(path, text);
      return written.entry(launch);
    },
  };
}

describe('writeHost', () => {
  it.each(hosts.map(({ id }) => id))('%s: creates the file, private, then leaves it alone', async (id) => {
    const where = places();
    const first = await writeHost(host(id), where, 'molecule', LAUNCH);
    expect(first).toMatchObject({ change: 'created', before: null });
    const text = readFileSync(first.path, 'utf8');
    expect(text).toContain('/opt/molecule inbox/cli.js');
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
    expect(await writeHost(host(id), where, 'molecule', LAUNCH)).toMatchObject({ change: 'unchanged' });
    expect(readFileSync(first.path, 'utf8')).toBe(text);
  });

  it('keeps the mode of a file and the link that leads to it, and leaves nothing beside it', async () => {
    const where = places();
    const path = host('cursor').file(where);
    const target = join(where.home, 'dotfiles', 'mcp.json');
    for (const folder of [dirname(path), dirname(target)]) mkdirSync(folder, { recursive: true });
    writeFileSync(target, '{"mcpServers":{"other":{"command":"x"}}}');
    chmodSync(target, 0o644);
    symlinkSync(target, path);
    expect(await writeHost(host('cursor'), where, 'molecule', LAUNCH)).toMatchObject({ change: 'added' });
    expect(statSync(target).mode & 0o777).toBe(0o644);
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')).mcpServers)).toEqual(['other', 'molecule']);
    expect([readdirSync(dirname(path)), readdirSync(dirname(target))]).toEqual([['mcp.json'], ['mcp.json']]);
  });

  it('makes the file that a link leads to, when it is not there yet', async () => {
    const where = places();
    const path = host('cursor').file(where);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync('../dotfiles/mcp.json', path);
    await writeHost(host('cursor'), where, 'molecule', LAUNCH);
    expect(readlinkSync(path)).toBe('../dotfiles/mcp.json');
    expect(readFileSync(join(where.home, 'dotfiles', 'mcp.json'), 'utf8')).toContain('molecule');
  });

  it('keeps what the host has written meanwhile', async () => {
    const where = places();
    const path = host('claude-code').file(where);
    writeFileSync(path, '{"numStartups":1}');
    const busy = writingMeanwhile(host('claude-code'), path, ['{"numStartups":2}', '{"numStartups":3}']);
    expect(await writeHost(busy, where, 'molecule', LAUNCH)).toMatchObject({ change: 'added' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      numStartups: 3,
      mcpServers: { molecule: { command: LAUNCH.command } },
    });
    expect(readdirSync(where.home)).toEqual(['.claude.json']);
  });

  it('keeps a file that the host has made meanwhile', async () => {
    const where = places();
    const path = host('claude-code').file(where);
    const busy = writingMeanwhile(host('claude-code'), path, ['{"numStartups":1}']);
    expect(await writeHost(busy, where, 'molecule', LAUNCH)).toMatchObject({ change: 'added' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ numStartups: 1 });
  });

  it('gives up on a file that is written all the time, and says what to do', async () => {
    const where = places();
    const path = host('claude-code').file(where);
    const texts = Array.from({ length: 100 }, (_, count) => `{"numStartups":${count}}`);
    const busy = writingMeanwhile(host('claude-code'), path, [...texts]);
    await expect(writeHost(busy, where, 'molecule', LAUNCH)).rejects.toThrow(
      /\.claude\.json is being written by another program; it was left as it is: end Claude Code, and run this again/,
    );
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(where.home)).toEqual(['.claude.json']);
  });

  it('leaves a file that it does not understand as it is', async () => {
    const where = places();
    const path = host('codex').file(where);
    mkdirSync(dirname(path));
    writeFileSync(path, 'torn = ');
    await expect(writeHost(host('codex'), where, 'molecule', LAUNCH)).rejects.toThrow(
      /config\.toml is not valid TOML; it was left as it is/,
    );
    expect(readFileSync(path, 'utf8')).toBe('torn = ');
  });

  it('goes where the host was told to look', () => {
    const moved = places({ CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x', XDG_CONFIG_HOME: '/g' });
    const paths = ['claude-code', 'codex', 'vscode'].map((id) => host(id).file(moved));
    expect(paths).toEqual(['/c/.claude.json', '/x/config.toml', '/g/Code/User/mcp.json']);
    expect(host('vscode').file({ ...moved, platform: 'darwin' })).toMatch(
      /Library\/Application Support\/Code\/User\/mcp\.json$/,
    );
  });
});

describe('snippetOf', () => {
  it('tells Claude Code’s two ways, with channels and without', () => {
    const snippet = snippetOf(host('claude-code'), places(), 'molecule', LAUNCH);
    expect(snippet).toContain(
      "claude mcp add molecule --scope user --env CONFIGS_DIR=/state -- /usr/bin/node '/opt/molecule inbox/cli.js'",
    );
    expect(snippet).toContain('Without channels: start `claude`');
    expect(snippet).toContain('claude --dangerously-load-development-channels server:molecule');
  });

  it.each(hosts.map(({ id }) => id))('%s: shows what writeHost would write', async (id) => {
    const where = places();
    const snippet = snippetOf(host(id), where, 'molecule', LAUNCH);
    const { path } = await writeHost(host(id), where, 'molecule', LAUNCH);
    const written = readFileSync(path, 'utf8').trim();
    expect(snippet).toContain(path);
    expect(snippet).toContain(
      written
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n'),
    );
  });
});

describe('launchOf', () => {
  it('names absolute paths, but npx where npx may clean up', () => {
    const facts = { execPath: '/n/node', version: '1.2.3', configsDir: null };
    expect(launchOf({ ...facts, script: '/opt/cli.js' })).toEqual({
      command: '/n/node',
      args: ['/opt/cli.js'],
      env: {},
    });
    expect(
      launchOf({ ...facts, script: '/home/me/.npm/_npx/1/node_modules/molecule-inbox/dist/cli.js' }),
    ).toEqual({
      command: 'npx',
      args: ['-y', 'molecule-inbox@1.2.3'],
      env: {},
    });
  });
});
