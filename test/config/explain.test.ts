import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainConfig } from '../../src/config/explain.ts';
import { useCli } from '../support/cli.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { ID, OTHER_ID, read, SINGLE, TOKEN, write } from './sources.ts';

const SECRET_PROXY = 'http://user:SECRET-password@proxy.example:3128';

describe('explainConfig', () => {
  it('tells every setting with its origin, and no secret', async () => {
    const explained = explainConfig(
      await read({ env: { ...SINGLE, HTTPS_PROXY: SECRET_PROXY }, args: ['--push-window=7'] }),
    );
    expect(explained.workspaces).toEqual([
      {
        id: ID,
        platform_url: 'https://platform.example',
        org_id: '',
        token: `hidden (${TOKEN.length} characters)`,
        set_by: { id: 'WORKSPACE_ID', token: 'MOLECULE_WORKSPACE_TOKEN', platform_url: 'PLATFORM_URL' },
      },
    ]);
    expect(explained.settings).toMatchObject({
      push_window: { value: '7', set_by: '--push-window', variable: 'MOLECULE_PUSH_WINDOW' },
      https_proxy: { value: 'http://***@proxy.example:3128', set_by: 'HTTPS_PROXY' },
      poll_secs: { value: '5', set_by: 'default' },
    });
    expect(JSON.stringify(explained)).not.toContain('SECRET');
  });

  it.each([
    'https://SECRET@platform.example',
    'https://me:SECRET@platform.example',
    'https://platform.example/?token=SECRET',
    'https://:SECRET:@',
    'me:SECRET@platform.example',
  ])('shows nothing secret of an address that is refused: %s', async (url) => {
    const explained = explainConfig(await read({ env: { ...SINGLE, PLATFORM_URL: url } }));
    expect(explained.problems).toHaveLength(1);
    expect(JSON.stringify(explained)).not.toContain('SECRET');
  });
});

it('explainConfig tells workspaces as written while something is wrong, and nothing secret of them', async () => {
  const list = [
    { id: ID.toUpperCase(), token: TOKEN },
    { id: TOKEN, token: OTHER_ID, platform_url: 'https://me:SECRET@b.example' },
    { id: OTHER_ID, token_file: 'nowhere' },
  ];
  const env = { PLATFORM_URL: 'https://a.example/', MOLECULE_WORKSPACES: JSON.stringify(list) };
  const { workspaces, problems } = explainConfig(await read({ env }));
  expect(problems.length).toBeGreaterThan(0);
  expect(workspaces.map(({ id, platform_url, token }) => [id, platform_url, token])).toEqual([
    [ID, 'https://a.example', `hidden (${TOKEN.length} characters)`],
    ['hidden (no UUID)', 'hidden (no address)', 'hidden (36 characters)'],
    [OTHER_ID, 'https://a.example', 'in its file'],
  ]);
  expect(JSON.stringify(workspaces)).not.toContain('SECRET');
});

describe('molecule-inbox config', () => {
  const cli = useCli();

  /** A home directory with a configuration file, and the variables that lead there. */
  function home(file: object) {
    const folder = createTempFolder('home');
    mkdirSync(join(folder, 'state'), { mode: 0o700 });
    write(join(folder, 'state/config.json'), file);
    return { HOME: folder, CONFIGS_DIR: join(folder, 'state'), HTTPS_PROXY: SECRET_PROXY };
  }
  const file = {
    workspaces: [
      { id: ID, token: TOKEN, platform_url: 'https://a.example' },
      { id: OTHER_ID, token: TOKEN, platform_url: 'https://b.example', org_id: 'org-2' },
    ],
    poll_secs: 4,
  };

  it('fits into 80 columns while nothing is set', async () => {
    const { stdout } = await cli.run(['config'], { env: { HOME: createTempFolder('h') } });
    expect(stdout).toMatch(
      /^stately_url +https:\/\/stately\.ai\/inspect {2}default \(MOLECULE_STATELY_URL\)$/m,
    );
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints a table for a person', async () => {
    const { code, stdout, stderr } = await cli.run(['config', '--push-window', '7'], { env: home(file) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^State directory: .*\/state\n\nWorkspaces: 2\n/);
    expect(stdout).toMatch(new RegExp(`id +${OTHER_ID} +config\\.json: workspaces\\[1\\]\\.id\n`));
    expect(stdout).toMatch(
      / {2}platform_url +https:\/\/b\.example +config\.json: workspaces\[1\]\.platform_url\n {2}org_id +org-2\n/,
    );
    expect(stdout).toMatch(/^poll_secs +4 +config\.json: poll_secs$/m);
    expect(stdout).toMatch(/^push_window +7 +--push-window$/m);
    expect(stdout).toMatch(/^wait_max_secs +55 +default \(MOLECULE_WAIT_MAX_SECS\)$/m);
    expect(stdout).not.toContain('SECRET');
  });

  it('prints the same as JSON', async () => {
    const { code, stdout } = await cli.run(['config', '--json'], { env: home(file) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workspaces: [{ id: ID }, { id: OTHER_ID, org_id: 'org-2' }],
      problems: [],
    });
    expect(stdout).not.toContain('SECRET');
  });

  it('says what is wrong and what is odd, and exits with 2 only for what is wrong', async () => {
    const odd = await cli.run(['config'], { env: home({ ...file, pol_secs: 4 }) });
    expect(odd).toMatchObject({ code: 0, stderr: expect.stringContaining('"pol_secs" is no setting') });
    const wrong = await cli.run(['config'], { env: home({ ...file, poll_secs: TOKEN }) });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('poll_secs must be a number') });
    expect(wrong.stdout).toMatch(/^poll_secs +5 +default/m);
    expect(wrong.stdout).toMatch(/^Workspaces: 2\n/m);
    expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('SECRET');
    const asJson = await cli.run(['config', '--json'], { env: home({ workspaces: [{ id: 'x' }] }) });
    expect(asJson).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(asJson.stdout).problems).toHaveLength(1);
  });
});
