import { describe, expect, it } from 'vitest';
import { type CommandIo, runLocalPlatform } from '../../src/commands/local-platform.ts';

/** Runs the command; `end` stands for the signal. */
function run(...argv: string[]) {
  const said = { out: '', err: '' };
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let greet = () => {};
  const greeted = new Promise<void>((resolve) => {
    greet = resolve;
  });
  const io: CommandIo = {
    out: (text) => {
      said.out += text;
      greet();
    },
    err: (text) => {
      said.err += text;
    },
    ended: () => ended,
  };
  return { said, end, greeted, code: runLocalPlatform(argv, io) };
}

describe('molecule-inbox local-platform', () => {
  it('makes a workspace, and prints what joins it', async () => {
    const { said, end, greeted, code } = run('--workspace', 'agent');
    await greeted;
    const [, token, url, id] =
      /echo (\S+) \| molecule-inbox init \\\n {4}--platform-url=(\S+) --workspace-id=(\S+) --token-stdin/.exec(
        said.out,
      ) ?? [];
    const feed = await fetch(`${url}/workspaces/${id}/activity`, {
      headers: { authorization: `Bearer ${token}`, origin: url ?? '' },
    });
    expect(feed.status).toBe(200);
    expect(await (await fetch(`${url}/workspaces/${id}`)).json()).toMatchObject({ name: 'agent' });
    end();
    expect(await code).toBe(0);
  });

  it('serves until it is ended and says where, without repeating a token it was given', async () => {
    const { said, end, greeted, code } = run('--admin-token', 'operator-secret', '--profile', 'head');
    await greeted;
    expect(said.out).toContain('local platform (head)');
    expect(said.out).not.toContain('operator-secret');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0] ?? '';
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    const authorised = { headers: { authorization: 'Bearer operator-secret' } };
    expect((await fetch(`${url}/workspaces`, authorised)).status).toBe(200);
    end();
    expect(await code).toBe(0);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('says which port cannot be used', async () => {
    const first = run();
    await first.greeted;
    const port = /127\.0\.0\.1:(\d+)/.exec(first.said.out)?.[1] ?? '';
    const second = run('--port', port);
    expect(await second.code).toBe(1);
    expect(second.said.err).toContain(port);
    first.end();
    await first.code;
  });

  it.each([
    [['--port', 'x'], 'port must be a whole number'],
    [['--port', '70000'], 'there is no port 70000'],
    [['--profile', 'june'], 'there is no profile "june"'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j', async (argv, complaint) => {
    const { said, code } = run(...argv);
    expect(await code).toBe(2);
    expect(said.err).toContain(complaint);
    expect(said.out).toBe('');
  });

  it('explains itself', async () => {
    const { said, code } = run('--help');
    expect(await code).toBe(0);
    expect(said.out).toContain('--admin-token');
  });
});
