import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { useCli } from '../support/cli.ts';
import { install } from './installation.ts';

const cli = useCli();

it('Claude Code: finds nothing to object to in the plugin and the marketplace', async () => {
  const { run } = await install(cli, '--host=generic');
  for (const file of ['plugin.json', 'marketplace.json'])
    expect(
      await run(`claude plugin validate --strict ${join(process.cwd(), '.claude-plugin', file)}`),
    ).toContain('Validation passed');
});

it('Claude Code: installs the plugin as it is packed, and is connected with what init has written', async () => {
  const { home, run } = await install(cli, '--host=generic');
  const marketplace = join(home, 'marketplace');
  const plugin = join(marketplace, 'plugin');
  mkdirSync(join(marketplace, '.claude-plugin'), { recursive: true });
  for (const path of ['package.json', '.claude-plugin/plugin.json']) cpSync(path, join(plugin, path));
  await bundle(join(plugin, 'dist'));
  const plugins = [{ name: 'molecule-inbox', source: './plugin' }];
  const listing = { name: 'here', owner: { name: 'a test' }, plugins };
  writeFileSync(join(marketplace, '.claude-plugin/marketplace.json'), JSON.stringify(listing));

  await run(`claude plugin marketplace add ${marketplace}`);
  await run('claude plugin install molecule-inbox@here');
  expect(await run('claude mcp list')).toMatch(/plugin:molecule-inbox:molecule: .*cli\.cjs - ✔ Connected/);
  const doctor = `${process.execPath} ${cli.path} doctor || true`;
  expect(await run(doctor)).toMatch(/ok +hosts +Claude Code \("molecule-inbox@here" in .*settings\.json\)/);
});
