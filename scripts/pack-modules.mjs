import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** What a start opens: what `initialize` waits for, and then the bridge with what every host asks for next. */
const FILES = {
  start: ['src/cli.ts', 'src/commands/serve.ts'],
  bridge: [
    'src/bridge/bridge.ts',
    'adapters/mcp/tools/list-tools.ts',
    'adapters/mcp/tools/call-tool.ts',
    'adapters/mcp/frame-data.ts',
  ],
};

/**
 * Puts the CommonJS modules of a split bundle together into a few files, since opening a file and finding its compiled code
 * costs more than the code of a small module, and esbuild makes seventy: a file for a start, one for the bridge, one for each
 * other entry point, and one for what several of those share. That is for the server: another command reads more than it runs.
 *
 * A file is one expression, an object of functions by the module's name. Modules ask for each other as `file.cjs#module.cjs`;
 * `src/launch/load-program.ts` runs them. A hash of all code is in each file's name, so that two builds never meet in one.
 *
 * @param outputs esbuild's, by path: entry point and imports of each module
 * @param codes each module's CommonJS, by its file's name
 * @returns the files by name, and the first module to run, as others would ask for it
 */
export function packModules(outputs, codes) {
  const build = createHash('sha256')
    .update(JSON.stringify([...codes].sort()))
    .digest('hex');
  const ids = new Map();
  for (const [path, home] of homesOf(outputs)) {
    ids.set(basename(path), `${home}-${build.slice(0, 8)}.cjs#${basename(path)}`);
  }
  const idOf = (name) => {
    if (!ids.has(name)) throw new Error(`there is no module ${name}`);
    return ids.get(name);
  };
  const files = new Map();
  for (const [name, id] of ids) {
    const code = codes
      .get(name)
      .replace(/\brequire\("\.\/([^"]+)"\)/g, (_, other) => `require(${JSON.stringify(idOf(other))})`);
    const [file] = id.split('#');
    files.set(file, [
      ...(files.get(file) ?? []),
      `${JSON.stringify(name)}:function(module,exports,require){${code}\n}`,
    ]);
  }
  return {
    files: new Map([...files].map(([file, modules]) => [file, `({${modules.join(',\n')}})`])),
    first: idOf(basename(pathOf(outputs, FILES.start[0]))),
  };
}

/** Which file each module lies in, by the module's path. */
function homesOf(outputs) {
  const homes = new Map();
  for (const [home, entryPoints] of Object.entries(FILES)) {
    const paths = entryPoints.flatMap((entryPoint) => [...loadedBy(outputs, pathOf(outputs, entryPoint))]);
    for (const path of paths) if (!homes.has(path)) homes.set(path, home);
  }
  const others = new Map();
  for (const [from, { entryPoint }] of Object.entries(outputs)) {
    if (!entryPoint) continue;
    for (const path of loadedBy(outputs, from)) {
      if (!homes.has(path)) others.set(path, others.has(path) ? 'shared' : basename(entryPoint, '.ts'));
    }
  }
  return new Map([...homes, ...others]);
}

/** The modules that run when one is loaded, itself among them. */
function loadedBy(outputs, from) {
  const paths = new Set([from]);
  for (const path of paths) {
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === 'import-statement' && outputs[next]) paths.add(next);
    }
  }
  return paths;
}

function pathOf(outputs, entryPoint) {
  return Object.keys(outputs).find((path) => outputs[path].entryPoint === entryPoint);
}
