import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * An esbuild plugin that leaves out what the MCP SDK imports and this server never uses: its JSON schema validator (ajv, for
 * elicitation) and the message schemas that nothing mentions, each of which costs a start its making. Together half of the
 * SDK's size and start-up.
 */
export function lightSdk(root) {
  return {
    name: 'light-sdk',
    setup(build) {
      build.onResolve({ filter: /\/ajv-provider\.js$/ }, ({ importer }) =>
        IN_SDK.test(importer) ? { path: join(root, 'adapters/mcp/no-schema-validator.ts') } : undefined,
      );
      // The demo's client has schemas of its own: a server would have to make those of both.
      build.onResolve({ filter: /^\.\.\/types\.js$/ }, ({ importer, resolveDir, path }) =>
        SDK_CLIENT.test(importer) ? { path: resolve(resolveDir, path), suffix: '?client' } : undefined,
      );
      build.onLoad({ filter: SDK_SCHEMAS }, async ({ path }) => ({
        contents: leaveOutUnused(await readFile(path, 'utf8')),
      }));
    },
  };
}

/** Wraps each schema's making, so that esbuild may drop those that nothing mentions. */
function leaveOutUnused(source) {
  const contents = source.replace(
    /^((?:export )?const \w+ =)( \w+\s*\.[\s\S]*?\))(?=;\n(?:\S|$))/gm,
    '$1 /* @__PURE__ */ (() =>$2)()',
  );
  if (contents === source) throw new Error('light-sdk finds no schemas in types.js of the SDK');
  return contents;
}

const IN_SDK = /@modelcontextprotocol[\\/]sdk[\\/]/;
const SDK_CLIENT = /@modelcontextprotocol[\\/]sdk[\\/].*[\\/]client[\\/]\w+\.js$/;
const SDK_SCHEMAS = /@modelcontextprotocol[\\/]sdk[\\/]dist[\\/]esm[\\/]types\.js$/;
