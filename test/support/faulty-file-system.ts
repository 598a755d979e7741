import type { FileHandle } from 'node:fs/promises';
import * as nodeFs from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { FileSystem } from '../../adapters/disk/disk.ts';

/** One call that changes the disk: which, and on what. */
export interface DiskStep {
  readonly number: number;
  readonly call:
    | 'create'
    | 'write'
    | 'datasync'
    | 'truncate'
    | 'rename'
    | 'unlink'
    | 'mkdir'
    | 'chmod'
    | 'syncFolder';
  readonly path: string;
}

/** What becomes of a step: done; refused with an error code; or half done (a write), then refused. */
export type Fate = 'done' | { readonly refuse: string } | { readonly cut: string };

/** A real file system whose every changing step is counted and may be made to fail. */
export interface FaultyFileSystem {
  readonly fs: FileSystem;
  readonly steps: readonly DiskStep[];
  /** Does to the files what a power cut may do: what was written and not flushed is gone. */
  loseUnsynced(): Promise<void>;
}

/** Asks `decide` about each step before it is done. */
export function faultyFileSystem(decide: (step: DiskStep) => Fate): FaultyFileSystem {
  const steps: DiskStep[] = [];
  const syncedBytes = new Map<string, number>();

  async function take<T>(
    call: DiskStep['call'],
    path: string,
    work: (fraction: number) => Promise<T>,
  ): Promise<T> {
    const step = { number: steps.length + 1, call, path };
    steps.push(step);
    const fate = decide(step);
    if (fate === 'done') return work(1);
    if ('cut' in fate && call === 'write') await work(0.5);
    throw systemError('refuse' in fate ? fate.refuse : fate.cut, call);
  }

  function wrap(path: string, handle: FileHandle): FileHandle {
    const over: Partial<Record<keyof FileHandle, unknown>> = {
      write: (buffer: Uint8Array, offset: number, length: number, position: number) => {
        if (!syncedBytes.has(path)) syncedBytes.set(path, position);
        return take('write', path, (fraction) =>
          handle.write(buffer, offset, Math.floor(length * fraction), position),
        );
      },
      datasync: () =>
        take('datasync', path, async () => {
          await handle.datasync();
          syncedBytes.delete(path);
        }),
      truncate: (size: number) => take('truncate', path, () => handle.truncate(size)),
      sync: () => take('syncFolder', path, () => handle.sync()),
    };
    return new Proxy(handle, {
      get(target, key) {
        const own = over[key as keyof FileHandle];
        if (own) return own;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  const fs: FileSystem = {
    ...nodeFs,
    open: async (path, flags, mode) => {
      const creates = typeof flags === 'number' && (flags & nodeFs.constants.O_CREAT) !== 0;
      const open = () => nodeFs.open(path, flags, mode);
      return wrap(String(path), creates ? await take('create', String(path), open) : await open());
    },
    mkdir: ((path: string, options: object) =>
      take('mkdir', path, () => nodeFs.mkdir(path, options))) as FileSystem['mkdir'],
    chmod: (path, mode) => take('chmod', String(path), () => nodeFs.chmod(path, mode)),
    rename: (from, to) =>
      take('rename', String(to), async () => {
        await nodeFs.rename(from, to);
        const synced = syncedBytes.get(String(from));
        if (synced !== undefined) syncedBytes.set(String(to), synced);
        syncedBytes.delete(String(from));
      }),
    unlink: (path) => take('unlink', String(path), () => nodeFs.unlink(path)),
  };
  return {
    fs,
    steps,
    async loseUnsynced() {
      for (const [path, bytes] of syncedBytes) await nodeFs.truncate(path, bytes).catch(() => {});
    },
  };
}

/** A real file system, each of whose writes takes so much longer. */
export function slowToWrite(byMs: number): FileSystem {
  return {
    ...nodeFs,
    async open(...parts) {
      const handle = await nodeFs.open(...parts);
      const write = handle.write.bind(handle) as (...written: unknown[]) => Promise<unknown>;
      const slowly = async (...written: unknown[]) => {
        await pause(byMs);
        return write(...written);
      };
      return Object.assign(handle, { write: slowly });
    },
  };
}

function systemError(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code });
}
