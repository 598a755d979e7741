import { readFile } from 'node:fs/promises';

/**
 * An esbuild plugin that leaves out of got what the bridge does not use:
 * - its HTTP/2, whose loading reads every root certificate of the system into a TLS context, 60 ms in which nothing else
 *   happens;
 * - two formatters for the text of an error, made as soon as it is loaded, for which ICU's data comes into memory, 6 MiB of it;
 * - options of its cache and of UNIX sockets, whose spreading makes a dictionary of all others, 22 KiB for each request.
 * The build fails where got is no longer written so.
 */
export const lightGot = {
  name: 'light-got',
  setup(build) {
    build.onResolve({ filter: /^http2-wrapper$/ }, () => ({ path: 'http2-wrapper', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default {};' }));
    const unmet = new Set(CHANGES);
    for (const change of CHANGES) {
      build.onLoad({ filter: change.file }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replaceAll(change.found, change.replacement);
        if (contents !== source) unmet.delete(change);
        return { contents: contents + (change.appendix ?? '') };
      });
    }
    build.onEnd(() => ({
      errors: [...unmet].map(({ file, found }) => ({ text: `light-got finds no ${found} in ${file}` })),
    }));
  },
};

const CHANGES = [
  {
    file: /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/,
    found: 'new Intl.ListFormat(',
    replacement: 'listFormatOnceUsed(',
    appendix: `
function listFormatOnceUsed(...options) {
  return { format: (list) => new Intl.ListFormat(...options).format(list) };
}`,
  },
  {
    file: /got[\\/]dist[\\/]source[\\/]core[\\/]options\.js$/,
    found: /\.\.\.internals\.cacheOptions,\s+\.\.\.this\._unixOptions,/g,
    replacement: '',
  },
];
