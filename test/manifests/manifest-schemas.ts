import * as z from 'zod';

const name = z.string().min(1);
const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'one exact version');
const author = z.strictObject({ name, url: z.url().optional() });

/** What Claude Code takes from `.claude-plugin/plugin.json`, as far as ours goes: a field that is not here is a mistake. */
export const pluginSchema = z.strictObject({
  $schema: z.literal('https://json.schemastore.org/claude-code-plugin-manifest.json'),
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'kebab-case'),
  version,
  description: name,
  author,
  license: name,
  keywords: z.array(name),
  mcpServers: z.record(
    name,
    z.strictObject({ type: z.literal('stdio'), command: name, args: z.array(z.string()) }),
  ),
  channels: z.array(z.strictObject({ server: name, displayName: name })),
});

/** What it takes from `.claude-plugin/marketplace.json`, as far as ours goes. */
export const marketplaceSchema = z.strictObject({
  $schema: z.literal('https://json.schemastore.org/claude-code-marketplace.json'),
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'kebab-case'),
  description: name,
  owner: author,
  plugins: z.array(
    z.strictObject({
      name,
      description: name,
      source: z.strictObject({ source: z.literal('npm'), package: name, version }),
    }),
  ),
});

/** What the registry of MCP servers takes (its schema of 2025-12-11), as far as ours goes: an npm package over stdio. */
export const serverSchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/, 'reverse DNS, a slash, a name'),
  title: name.max(100),
  description: name.max(100),
  version,
  packages: z.array(
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: name,
      version,
      transport: z.strictObject({ type: z.literal('stdio') }),
      runtimeHint: z.literal('npx'),
      environmentVariables: z.array(
        z.strictObject({
          name: z.string().regex(/^[A-Z_]+$/),
          description: name,
          format: z.enum(['string', 'number', 'boolean', 'filepath']),
          placeholder: name.optional(),
          isSecret: z.boolean().optional(),
        }),
      ),
    }),
  ),
});
