import { runInNewContext } from 'node:vm';
import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packModules } from '../../scripts/pack-modules.mjs';

/** What each module of a bundle loads at once, by its entry point or, without one, by its file's name. */
const LOADS: Readonly<Record<string, readonly string[]>> = {
  'src/cli.ts': [],
  'src/commands/serve.ts': ['early'],
  'src/bridge/bridge.ts': ['early', 'late'],
  'adapters/mcp/tools/list-tools.ts': [],
  'adapters/mcp/tools/call-tool.ts': [],
  'adapters/mcp/frame-data.ts': [],
  'src/commands/doctor.ts': ['late', 'both', 'own'],
  'src/commands/demo.ts': ['both'],
  early: [],
  late: ['early'],
  both: [],
  own: [],
};

const fileOf = (name: string) => `${name.split('/').at(-1)?.replace('.ts', '')}.cjs`;

function outputs(): Metafile['outputs'] {
  return Object.fromEntries(
    Object.entries(LOADS).map(([name, loads]) => [
      `dist/${fileOf(name)}`,
      {
        bytes: 0,
        inputs: {},
        exports: [],
        ...(name.endsWith('.ts') ? { entryPoint: name } : {}),
        imports: [
          { path: 'node:fs', kind: 'import-statement' as const, external: true },
          ...loads.map((other) => ({ path: `dist/${fileOf(other)}`, kind: 'import-statement' as const })),
        ],
      },
    ]),
  );
}

function pack(changed: Readonly<Record<string, string>> = {}) {
  const codes = new Map(
    Object.entries(LOADS).map(([name, loads]) => [
      fileOf(name),
      loads.map((other) => `require("./${fileOf(other)}")`).join(';'),
    ]),
  );
  for (const [file, code] of Object.entries(changed)) codes.set(file, code);
  return packModules(outputs(), codes);
}

/** The names of the modules in each file, by the file's name without its hash. */
function contents(files: ReadonlyMap<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    [...files].map(([file, code]) => [file.split('-')[0], Object.keys(runInNewContext(code) as object)]),
  );
}

describe('packing modules', () => {
  it('puts into one file what a start loads, and what only several other commands share', () => {
    expect(contents(pack().files)).toEqual({
      start: ['cli.cjs', 'serve.cjs', 'early.cjs'],
      bridge: ['bridge.cjs', 'late.cjs', 'list-tools.cjs', 'call-tool.cjs', 'frame-data.cjs'],
      shared: ['both.cjs'],
      doctor: ['doctor.cjs', 'own.cjs'],
      demo: ['demo.cjs'],
    });
  });

  it('has modules ask for each other by file and name', () => {
    const { files, first } = pack();
    const [start, bridge] = [...files.keys()];
    expect(first).toBe(`${start}#cli.cjs`);
    expect(files.get(bridge ?? '')).toContain(`require("${start}#early.cjs");require("${bridge}#late.cjs")`);
  });

  it('names every file anew when one byte of one module changes: V8 compares no more than the length', () => {
    const [before, after] = [pack({ 'own.cjs': 'a' }), pack({ 'own.cjs': 'b' })];
    expect([...after.files.keys()].filter((name) => before.files.has(name))).toEqual([]);
    expect([...pack({ 'own.cjs': 'a' }).files.keys()]).toEqual([...before.files.keys()]);
  });

  it('refuses a module that is not there', () => {
    expect(() => pack({ 'own.cjs': 'require("./gone.cjs")' })).toThrow('there is no module gone.cjs');
  });
});
