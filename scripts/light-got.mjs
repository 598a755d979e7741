/**
 * An esbuild plugin that leaves out got's HTTP/2, which the bridge does not turn on: loading it reads every root
 * certificate of the system into a TLS context, 60 ms in which nothing else happens.
 */
export const lightGot = {
  name: 'light-got',
  setup(build) {
    build.onResolve({ filter: /^http2-wrapper$/ }, () => ({ path: 'http2-wrapper', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default {};' }));
  },
};
