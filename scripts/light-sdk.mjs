import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * An esbuild plugin that leaves out what the MCP SDK imports and this server never uses: its JSON schema validator (ajv, for
 * elicitation) and the message schemas that nothing mentions, each of which costs a start its making. Together half of the
 * SDK's size and start-up.
 */
export function lightSdk(root) {
  const inSdk = /@modelcontextprotocol[\\/]sdk[\\/]/;
  return {
    name: 'light-sdk',
    setup(build) {
      build.onResolve({ filter: /\/ajv-provider\.js$/ }, ({ importer }) =>
        inSdk.test(importer) ? { path: join(root, 'adapters/mcp/no-schema-validator.ts') } : undefined,
      );
      // Of its own for a client, which is the demo's: a server would have to make the schemas of both.
      build.onResolve({ filter: /^\.\.\/types\.js$/ }, ({ importer, resolveDir, path }) =>
        /[\\/]client[\\/][^\\/]+\.js$/.test(importer) && inSdk.test(importer)
          ? { path: resolve(resolveDir, path), suffix: '?client' }
          : undefined,
      );
      build.onLoad(
        { filter: /@modelcontextprotocol[\\/]sdk[\\/]dist[\\/]esm[\\/]types\.js$/ },
        async ({ path }) => ({
          contents: leaveOutUnused(await readFile(path, 'utf8')),
        }),
      );
    },
  };
}

/** Wraps what a module's constants are called into being with, so that esbuild may drop the constants nothing mentions. */
function leaveOutUnused(source) {
  const made = ts
    .createSourceFile('types.js', source, ts.ScriptTarget.ESNext)
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) => (initializer && ts.isCallExpression(initializer) ? [initializer] : []));
  return made.reduceRight(
    (text, { pos, end }) =>
      `${text.slice(0, pos)} /* @__PURE__ */ (() =>${text.slice(pos, end)})()${text.slice(end)}`,
    source,
  );
}
