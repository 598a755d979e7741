import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Who may import what (the table "Who lives where"): packages by name, folders of the project by path. */
const rules: readonly {
  readonly folder: string;
  readonly packages: RegExp;
  readonly folders: readonly string[];
}[] = [
  { folder: 'src/domain', packages: /^zod$/, folders: ['src/domain'] },
  { folder: 'streams', packages: /^rxjs(\/|$)/, folders: ['streams', 'src/domain'] },
  { folder: 'machines', packages: /^xstate(\/|$)/, folders: ['machines', 'src/domain'] },
  {
    folder: 'adapters/platform',
    packages: /^(node:.*|zod|got|eventsource-parser|form-data-encoder|hpagent)(\/|$)/,
    folders: ['adapters/platform', 'src/domain'],
  },
  {
    folder: 'adapters/mcp',
    packages: /^(node:.*|zod|@modelcontextprotocol\/sdk)(\/|$)/,
    folders: ['adapters/mcp', 'src/domain'],
  },
  { folder: 'adapters/disk', packages: /^node:/, folders: ['adapters/disk', 'src/domain'] },
  {
    folder: 'adapters/event-log',
    packages: /^(node:.*|zod|lowdb)(\/|$)/,
    folders: ['adapters/event-log', 'src/domain'],
  },
  {
    folder: 'adapters/state-directory',
    packages: /^(node:.*|zod)$/,
    folders: ['adapters/state-directory', 'src/domain'],
  },
  {
    folder: 'adapters/staged-files',
    packages: /^(node:.*|zod)$/,
    folders: ['adapters/staged-files', 'src/domain'],
  },
  {
    folder: 'adapters/delivery-lock',
    packages: /^(node:.*|zod)$/,
    folders: ['adapters/delivery-lock', 'src/domain'],
  },
  {
    folder: 'visualizations',
    packages: /^(node:.*|xstate|elkjs|ws)(\/|$)/,
    folders: ['visualizations', 'machines', 'src/domain'],
  },
];

const imports = sourcesIn(['src', 'streams', 'machines', 'adapters', 'visualizations']).flatMap((file) =>
  importsOf(file).map((target) => ({ file, target })),
);

describe('who may import what', () => {
  it.each(rules)('$folder', ({ folder, packages, folders }) => {
    const own = imports.filter(({ file }) => isIn(file, folder));
    expect(own.length, `${folder} has sources`).toBeGreaterThan(0);
    const trespasses = own.filter(({ file, target }) =>
      target.startsWith('.')
        ? !folders.some((allowed) => isIn(resolve(file, target), allowed))
        : !packages.test(target),
    );
    expect(trespasses.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('has a rule for every folder of adapters', () => {
    const folders = readdirSync(join(root, 'adapters')).map((name) => `adapters/${name}`);
    expect(folders.filter((folder) => !rules.some((rule) => rule.folder === folder))).toEqual([]);
  });

  it('lets only the MCP adapter of the bridge use the SDK, and only the demo beside it', () => {
    const users = imports
      .filter(({ target }) => target.startsWith('@modelcontextprotocol/'))
      .map(({ file }) => file);
    expect(users.filter((file) => !isIn(file, 'adapters/mcp') && !isIn(file, 'src/demo'))).toEqual([]);
  });

  it('asks the platform with got alone', () => {
    const adapter = sourcesIn(['adapters/platform']).filter((file) =>
      /\bfetch\(|node:https?'/.test(read(file)),
    );
    const askers = adapter.filter((file) => !/import (\{ Agent|type)|\bAgent\b/.test(read(file)));
    // The function with which got itself opens requests.
    expect(askers).toEqual(['adapters/platform/lean-request.ts']);
  });

  it('has no default exports, and named exports of one public index alone', () => {
    const sources = sourcesIn(['src', 'streams', 'machines', 'adapters', 'visualizations']);
    expect(sources.filter((file) => /^export default/m.test(read(file)))).toEqual([]);
    expect(sources.filter((file) => file.endsWith('/index.ts'))).toEqual(['src/index.ts']);
  });

  it('says what every export is for', () => {
    const silent = sourcesIn(['src', 'streams', 'machines', 'adapters', 'visualizations']).flatMap((file) =>
      [...read(file).matchAll(UNDOCUMENTED)].map(([, name]) => `${file}: ${name}`),
    );
    expect(silent).toEqual([]);
  });
});

/** An export whose line before is not the end of a doc comment. */
const UNDOCUMENTED =
  /(?<!\*\/\n)^export (?:async )?(?:abstract )?(?:function\*?|class|interface|type|const|enum) (\w+)/gm;

function sourcesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name).split(sep).join('/')),
  );
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(read(file)).importedFiles.map(({ fileName }) => fileName);
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function resolve(file: string, target: string): string {
  return relative('.', normalize(join(dirname(file), target)))
    .split(sep)
    .join('/');
}

function isIn(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}
