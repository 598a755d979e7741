import { existsSync, readFileSync } from 'node:fs';
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
 * in the cache: that takes less than half of the time. Returns what puts there the code that was missing: as much of it as has
 * run by then.
 */
export function loadProgram(folder: string, first: string, cache: CodeCache): () => void {
  const modules = new Map<string, Module>();
  const files = new Map<string, Packed>();
  const uncached: { readonly file: string; readonly script: Script }[] = [];

  function load(id: string): unknown {
    const [file = '', name] = id.split('#');
    if (name === undefined) return builtin(id);
    const known = modules.get(id);
    if (known) return known.exports;
    const run = (files.get(file) ?? open(file))[name];
    if (!run) throw new Error(`${file} has no ${name}`);
    const module: Module = { exports: {} };
    modules.set(id, module);
    try {
      run(module, module.exports, load);
    } catch (error) {
      modules.delete(id); // Whoever asks again gets the error again, not half of a module.
      throw error;
    }
    return module.exports;
  }

  function open(file: string): Packed {
    const packed: Packed = compile(file).runInThisContext();
    files.set(file, packed);
    return packed;
  }

  function compile(file: string): Script {
    const filename = join(folder, file);
    const source = read(filename);
    const cachedData = cache.read(file);
    const script = new Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected) uncached.push({ file, script });
    return script;
  }

  load(first);
  return () => {
    for (const { file, script } of uncached) cache.write(file, script.createCachedData());
    if (uncached.length > 0) cache.prune();
  };
}

/** Files have other names in each version: one that is gone was taken away by another version's installation. */
function read(filename: string): string {
  try {
    return readFileSync(filename, 'utf8');
  } catch (cause) {
    if (existsSync(filename)) throw cause;
    throw new Error(`the program was replaced or removed while it ran (${filename}); start it again`, {
      cause,
    });
  }
}

function builtin(name: string): object {
  const module = process.getBuiltinModule(name);
  if (!module) throw new Error(`the bundle lacks ${name}`);
  return module;
}
