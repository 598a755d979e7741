// A program of its own: the bridge as the command line composes it, over a disk that kills the process with -9 at the step
// that DIE_AT names. Bundled and started by the test of rule "crash-safe"; nothing of it is in the product.
import type { FileHandle } from 'node:fs/promises';
import * as nodeFs from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createDisk, type FileSystem } from '../../adapters/disk/disk.ts';
import { createBridge } from '../../src/bridge/bridge.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { processSources } from '../../src/config/process-sources.ts';
import type { DyingPoint } from './dying-points.ts';

const dieAt = process.env.DIE_AT as DyingPoint;

async function reached(point: DyingPoint): Promise<void> {
  if (point !== dieAt) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}

function isStaging(path: string): boolean {
  return basename(dirname(path)) === 'files';
}

/** The temp of a file on its way into its place. */
function wrapTemp(handle: FileHandle): FileHandle {
  return over(handle, {
    async write(...args: unknown[]) {
      const written = await Reflect.apply(handle.write, handle, args);
      await reached('temp written');
      return written;
    },
    async datasync() {
      await handle.datasync();
      await reached('temp flushed');
    },
  });
}

/** The log: what it writes last decides which flush is meant. */
function wrapLog(handle: FileHandle): FileHandle {
  let last: 'staged' | 'acknowledged' | 'other' = 'other';
  return over(handle, {
    async write(...args: unknown[]) {
      const text = Buffer.from(args[0] as Uint8Array).toString('latin1');
      last = text.includes('"upload.acknowledged"')
        ? 'acknowledged'
        : text.includes('"upload.staged"')
          ? 'staged'
          : 'other';
      if (last === 'acknowledged') await reached('acknowledged, not noted');
      const written = await Reflect.apply(handle.write, handle, args);
      if (last === 'staged') await reached('noted, not flushed');
      return written;
    },
    async datasync() {
      await handle.datasync();
      if (last === 'staged') await reached('noted');
      if (last === 'acknowledged') await reached('acknowledgement noted');
    },
  });
}

function over(handle: FileHandle, changed: Record<string, unknown>): FileHandle {
  return new Proxy(handle, {
    get(target, key) {
      const own = changed[String(key)];
      if (own) return own;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const fs: FileSystem = {
  ...nodeFs,
  async open(path, flags, mode) {
    const name = String(path);
    const handle = await nodeFs.open(path, flags, mode);
    if (isStaging(name) && name.endsWith('.tmp')) {
      await reached('temp created');
      return wrapTemp(handle);
    }
    if (basename(name) === 'events.jsonl') return wrapLog(handle);
    if (basename(name) !== 'files') return handle;
    return over(handle, {
      async sync() {
        await reached('renamed');
        await handle.sync();
        await reached('folder flushed');
      },
    });
  },
};

const logger = { info() {}, warn: console.error, error: console.error };
const disk = createDisk({ logger, fs });
const reading = await loadConfig(processSources([], { disk, logger }));
if (!reading.ok) throw new Error(reading.problems.join('\n'));
await createBridge({ config: reading.config, directory: reading.directory, disk, logger }).start();
