import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache.ts';

interface Module {
  exports: unknown;
}
type Wrapped = (module: Module, exports: unknown, require: (name: string) => unknown) => void;

/**
 * Runs a program that was bundled into CommonJS files, each compiled from the code that an earlier start has left in
 * the cache: that takes less than half of the time. What was not there is put there once the start is over, after
 * `settledAfterMs`.
 */
export function loadProgram(path: string, cache: CodeCache, settledAfterMs = SETTLED_AFTER_MS): void {
  const nodeRequire = createRequire(path);
  const modules = new Map<string, Module>();
  const uncached: { readonly name: string; readonly script: Script }[] = [];

  function load(filename: string): unknown {
    const known = modules.get(filename);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    modules.set(filename, module);
    const requireFrom = (name: string) =>
      name.startsWith('.') ? load(join(dirname(filename), name)) : nodeRequire(name);
    const run: Wrapped = compile(filename).runInThisContext();
    run(module, module.exports, requireFrom);
    return module.exports;
  }

  function compile(filename: string): Script {
    const name = basename(filename);
    const cachedData = cache.read(name);
    const source = `(function(module,exports,require){${readFileSync(filename, 'utf8')}\n})`;
    const script = new Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected) uncached.push({ name, script });
    return script;
  }

  load(path);
  setTimeout(() => {
    for (const { name, script } of uncached) cache.write(name, script.createCachedData());
    if (uncached.length > 0) cache.prune();
  }, settledAfterMs).unref();
}

/** By then a host has shaken hands and the bridge works, so that what both need is compiled. */
const SETTLED_AFTER_MS = 3_000;
