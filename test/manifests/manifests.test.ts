import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { marketplaceSchema, pluginSchema, serverSchema } from './manifest-schemas.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = read('package.json');

describe('what a registry or a marketplace is told', () => {
  it('Claude Code: the plugin starts the program that lies in the same package, and names its channel', () => {
    const plugin = pluginSchema.parse(read('.claude-plugin/plugin.json'));
    expect(plugin).toMatchObject({
      name: manifest.name,
      version: manifest.version,
      license: manifest.license,
    });
    expect(plugin.mcpServers).toEqual({
      molecule: {
        type: 'stdio',
        command: 'node',
        args: [`\${CLAUDE_PLUGIN_ROOT}/${manifest.bin['molecule-inbox']}`],
      },
    });
    expect(plugin.channels.map(({ server }) => server)).toEqual(['molecule']);
    expect(manifest.files).toContain('.claude-plugin/plugin.json');
  });

  it('Claude Code: the marketplace has that plugin, as the npm package of this version', () => {
    const { plugins } = marketplaceSchema.parse(read('.claude-plugin/marketplace.json'));
    const source = { source: 'npm', package: manifest.name, version: manifest.version };
    expect(plugins).toEqual([expect.objectContaining({ name: manifest.name, source })]);
  });

  it('registry of MCP servers: the npm package of this version, under the name that it bears itself', () => {
    const server = serverSchema.parse(read('server.json'));
    expect(server).toMatchObject({ name: manifest.mcpName, version: manifest.version });
    expect(server.packages).toEqual([
      expect.objectContaining({ identifier: manifest.name, version: manifest.version }),
    ]);
  });

  it('registry of MCP servers: every variable is documented, and what holds a token is secret', () => {
    const [npm] = serverSchema.parse(read('server.json')).packages;
    const documented = readFileSync('docs/configuration.md', 'utf8');
    for (const variable of npm?.environmentVariables ?? []) {
      expect(documented).toContain(`\`${variable.name}\``);
      expect(variable.isSecret ?? false, variable.name).toBe(/TOKEN|WORKSPACES/.test(variable.name));
    }
  });
});
