import { basename } from 'node:path';

/** What a host waits for: the command line and the server up to the handshake. Then comes the bridge. */
const START = ['src/cli.ts', 'src/commands/serve.ts'];
const NEXT = ['src/bridge/bridge.ts'];

/**
 * Puts the CommonJS modules of a split bundle together into a few files: each with those of the first entry point that loads
 * it, in the order in which a start comes to them. Opening a file and finding its compiled code costs more than the code of
 * a small module, and esbuild makes seventy.
 *
 * A file is one expression: an object of functions by the module's name, which has a hash in it. Modules ask for each other
 * as `file.cjs#module.cjs`; `src/launch/load-program.ts` runs them.
 *
 * @param outputs esbuild's, by path: entry point and imports of each module
 * @param codes each module's CommonJS, by the same path
 * @returns the files by name, and the first module to run, as others would ask for it
 */
export function packModules(outputs, codes) {
  const homes = homesOf(outputs);
  const ids = new Map([...homes].map(([path, home]) => [basename(path), `${home}#${basename(path)}`]));
  const files = new Map();
  for (const [path, home] of homes) {
    const code = codes
      .get(path)
      .replace(/\brequire\("\.\/([^"]+)"\)/g, (_, name) => `require(${JSON.stringify(ids.get(name))})`);
    const wrapped = `${JSON.stringify(basename(path))}:function(module,exports,require){${code}\n}`;
    files.set(home, [...(files.get(home) ?? []), wrapped]);
  }
  return {
    files: new Map([...files].map(([name, modules]) => [name, `({${modules.join(',\n')}})`])),
    first: ids.get(basename(pathOf(outputs, START[0]))),
  };
}

/** Which file each module lies in, by the module's path. */
function homesOf(outputs) {
  const homes = new Map();
  const settle = (path, home) => {
    if (homes.has(path) || !outputs[path]) return;
    homes.set(path, home);
    for (const { path: next, kind } of outputs[path].imports)
      if (kind === 'import-statement') settle(next, home);
  };
  for (const entryPoint of START) settle(pathOf(outputs, entryPoint), 'start.cjs');
  const others = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  for (const entryPoint of [...NEXT, ...others.sort()]) {
    settle(pathOf(outputs, entryPoint), `${basename(entryPoint, '.ts')}.cjs`);
  }
  return homes;
}

function pathOf(outputs, entryPoint) {
  return Object.keys(outputs).find((path) => outputs[path].entryPoint === entryPoint);
}
