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
    const met = new Set();
    build.onEnd(() => (met.size === 2 ? undefined : { errors: [{ text: 'got lies elsewhere now' }] }));
    build.onResolve({ filter: /^http2-wrapper$/ }, () => ({ path: 'http2-wrapper', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default {};' }));
    build.onLoad({ filter: /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      met.add('formatters');
      return replaced(source, 'new Intl.ListFormat(', 'listFormatOnceUsed(', LIST_FORMAT_ONCE_USED);
    });
    build.onLoad({ filter: /got[\\/]dist[\\/]source[\\/]core[\\/]options\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      met.add('options');
      return replaced(source, /\.\.\.internals\.cacheOptions,\s+\.\.\.this\._unixOptions,/g, '');
    });
  },
};

function replaced(source, found, replacement, appendix = '') {
  const contents = source.replaceAll(found, replacement);
  if (contents === source) return { errors: [{ text: `there is no ${found} in it any more` }] };
  return { contents: contents + appendix };
}

const LIST_FORMAT_ONCE_USED = `
function listFormatOnceUsed(...options) {
  return { format: (list) => new Intl.ListFormat(...options).format(list) };
}`;
