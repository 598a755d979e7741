import { join } from 'node:path';

/**
 * An esbuild plugin that leaves out what the MCP SDK imports and this server never calls: its JSON schema validator
 * (ajv, for elicitation) and its converter for zod 3 schemas. A third of the SDK's size and start-up.
 */
export function lightSdk(root) {
  const inSdk = /@modelcontextprotocol[\\/]sdk[\\/]/;
  return {
    name: 'light-sdk',
    setup(build) {
      build.onResolve({ filter: /\/ajv-provider\.js$/ }, ({ importer }) =>
        inSdk.test(importer) ? { path: join(root, 'adapters/mcp/no-schema-validator.ts') } : undefined,
      );
    },
  };
}
