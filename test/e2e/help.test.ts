import { expect, it } from 'vitest';
import { useCli } from '../support/cli.ts';

const cli = useCli();

const COMMANDS = [
  ...['serve', 'init', 'config', 'doctor', 'forget'],
  ...['demo', 'replay', 'inspect', 'local-platform'],
];

it.each([[], ...COMMANDS.map((command) => [command])].map((command) => [...command, '--help']))(
  '%s %s says how to use it, within 80 columns',
  async (...args) => {
    const run = await cli.run(args);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^molecule-inbox \\[?${args.length > 1 ? args[0] : 'serve'}`));
    expect(run.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const command = args.length > 1 ? args[0] : '';
    expect((await cli.run(['help', command ?? ''])).stdout).toBe(run.stdout);
  },
);

it('--help names every command', async () => {
  const { stdout } = await cli.run(['--help']);
  for (const command of COMMANDS)
    expect(stdout).toMatch(new RegExp(`^molecule-inbox \\[?${command}\\b`, 'm'));
});

it('an unknown command is refused', async () => {
  expect(await cli.run(['docter'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('no command "docter"'),
  });
});
