import type { Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { createTempFolder } from '../support/temp-folder.ts';

/** What a bridge runs with that nobody watches: the program, and what it loads behind the handshake. */
const LOADED = ['src/cli.ts', 'src/commands/serve.ts', 'src/bridge/bridge.ts'];
/** What only watching takes, and the pages. */
const NOT_LOADED =
  /^(src\/(inspector|pages|replay|canvas)\/|src\/recording\/(record|recording-file|without-text|redaction)|visualizations\/|node_modules\/elkjs)/;

it('loads nothing of recordings, inspectors and pages before somebody asks for one', async () => {
  const { outputs } = (await bundle(createTempFolder('start-up'))) as Metafile;
  const chunks = new Set<string>();
  const load = (path: string) => {
    if (chunks.has(path)) return;
    chunks.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') load(next);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs))
    if (LOADED.includes(entryPoint ?? '')) load(path);
  const loaded = [...chunks].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  for (const source of LOADED) expect(loaded).toContain(source);
  expect(loaded.filter((source) => NOT_LOADED.test(source))).toEqual([]);
  const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(all).toContain('src/inspector/inspector.ts');
  expect(all).toContain('src/recording/record.ts');
});
