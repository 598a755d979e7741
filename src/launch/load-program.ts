import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache.ts';

interface Module {
  exports: unknown;
}
type Wrapped = (module: Module, exports: unknown, require: (name: string) => unknown) => void;
type Packed = Readonly<Record<string, Wrapped>>;

/**
 * Runs a program whose modules were packed into a few files of `folder` (scripts/pack-modules.mjs), from `first` on, a module's
 * name as others would ask for it: `file.cjs#module.cjs`. Each file is compiled from the code that an earlier start has left
 * in the cache: that takes less than half of the time. What was not there is put there once the start is over, after
 * `settledAfterMs`. Asking for a module that another build has replaced throws.
 */
export function loadProgram(
  folder: string,
  first: string,
  cache: CodeCache,
  settledAfterMs = SETTLED_AFTER_MS,
): void {
  const modules = new Map<string, Module>();
  const files = new Map<string, Packed>();
  const uncached: { readonly name: string; readonly script: Script }[] = [];

  function load(id: string): unknown {
    if (!id.includes('#')) return process.getBuiltinModule(id);
    const known = modules.get(id);
    if (known) return known.exports;
    const [file = '', name = ''] = id.split('#');
    const run = (files.get(file) ?? open(file))[name];
    if (!run) throw new Error('the program was replaced by another version while it ran; start it again');
    const module: Module = { exports: {} };
    modules.set(id, module);
    run(module, module.exports, load);
    return module.exports;
  }

  function open(file: string): Packed {
    const packed: Packed = compile(file).runInThisContext();
    files.set(file, packed);
    return packed;
  }

  function compile(file: string): Script {
    const filename = join(folder, file);
    const cachedData = cache.read(file);
    const script = new Script(readFileSync(filename, 'utf8'), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    if (!cachedData || script.cachedDataRejected) uncached.push({ name: file, script });
    return script;
  }

  load(first);
  setTimeout(() => {
    for (const { name, script } of uncached) cache.write(name, script.createCachedData());
    if (uncached.length > 0) cache.prune();
  }, settledAfterMs).unref();
}

/** By then a host has shaken hands and the bridge works, so that what both need is compiled. */
const SETTLED_AFTER_MS = 3_000;
