import { readFile } from 'node:fs/promises';

/**
 * An esbuild plugin that leaves out of got what the bridge does not use: its HTTP/2, whose loading reads every root
 * certificate of the system into a TLS context, 60 ms in which nothing else happens; and two formatters for the text of an
 * error, made as soon as it is loaded, for which ICU's data comes into memory, 6 MiB of it.
 */
export const lightGot = {
  name: 'light-got',
  setup(build) {
    build.onResolve({ filter: /^http2-wrapper$/ }, () => ({ path: 'http2-wrapper', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default {};' }));
    build.onLoad({ filter: /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replaceAll('new Intl.ListFormat(', 'listFormatOnceUsed(');
      if (contents === source)
        return { errors: [{ text: 'its list formatters are made in another way now' }] };
      return { contents: contents + LIST_FORMAT_ONCE_USED };
    });
  },
};

const LIST_FORMAT_ONCE_USED = `
function listFormatOnceUsed(...options) {
  return { format: (list) => new Intl.ListFormat(...options).format(list) };
}`;
