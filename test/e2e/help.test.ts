import { expect, it } from 'vitest';
import { useCli } from '../support/cli.ts';

const cli = useCli();

it.each(['', 'serve', 'init', 'config', 'doctor', 'forget', 'local-platform'])(
  '%s --help says how to use it',
  async (command) => {
    const run = await cli.run([...(command === '' ? [] : [command]), '--help']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^molecule-inbox ${command === '' ? '' : `\\[?${command}`}`));
  },
);

it('an unknown command is refused', async () => {
  expect(await cli.run(['docter'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('no command "docter"'),
  });
});
