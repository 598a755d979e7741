import * as fs from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { crc32 } from 'node:zlib';

/** An event of the process: now is the time to keep what was compiled. The launcher, which does, is bundled apart. */
export const KEEP_CODE = 'molecule-inbox:keep-code';

/** Compiled code of the program's files, kept between starts. Nothing of it throws: without it a start is slower. */
export interface CodeCache {
  read(name: string): Buffer | undefined;
  write(name: string, code: Buffer): void;
  /** Removes what nobody has written for a month: the code of other versions. */
  prune(): void;
}

/**
 * The cache in the user's cache folder. V8 runs what it finds there and does not look whether it is whole, so only private
 * files of this very user are read, and only with the digest with which they were written. `NODE_DISABLE_COMPILE_CACHE` turns
 * it off, as it does Node's own.
 */
export function openCodeCache(env: NodeJS.ProcessEnv = process.env): CodeCache {
  if (env.NODE_DISABLE_COMPILE_CACHE) return { read: () => undefined, write: () => {}, prune: () => {} };
  const folder = join(cacheHome(env), 'molecule-inbox');
  const pathOf = (name: string) => join(folder, `${name}-${process.version}-${process.arch}.code`);
  return {
    read: (name) => quietly(() => undigested(readPrivate(pathOf(name)))),
    write(name, code) {
      quietly(() => {
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        const part = `${pathOf(name)}.${process.pid}`;
        fs.writeFileSync(part, Buffer.concat([code, digestOf(code)]), { flag: 'wx', mode: 0o600 });
        fs.renameSync(part, pathOf(name));
      });
    },
    prune() {
      quietly(() => {
        for (const name of fs.readdirSync(folder)) {
          const path = join(folder, name);
          if (Date.now() - fs.lstatSync(path).mtimeMs > KEPT_MS) fs.unlinkSync(path);
        }
      });
    },
  };
}

function cacheHome({ XDG_CACHE_HOME: xdg, LOCALAPPDATA: local }: NodeJS.ProcessEnv): string {
  if (xdg && isAbsolute(xdg)) return xdg;
  if (process.platform === 'win32' && local) return local;
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

/** Windows has neither `O_NOFOLLOW` nor owners to ask for; its cache folder is private to the user by inheritance. */
function readPrivate(path: string): Buffer | undefined {
  const file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    const { uid, mode } = fs.fstatSync(file);
    const isPrivate = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isPrivate ? fs.readFileSync(file) : undefined;
  } finally {
    fs.closeSync(file);
  }
}

/** What was written, without its digest; nothing when the two do not belong together. */
function undigested(file: Buffer | undefined): Buffer | undefined {
  if (!file || file.length < DIGEST_BYTES) return undefined;
  const code = file.subarray(0, -DIGEST_BYTES);
  return digestOf(code).equals(file.subarray(-DIGEST_BYTES)) ? code : undefined;
}

/** Against accidents, not against this user: `node:zlib` is loaded in half the time of `node:crypto`. */
function digestOf(code: Buffer): Buffer {
  const digest = Buffer.alloc(DIGEST_BYTES);
  digest.writeUInt32BE(crc32(code));
  return digest;
}

function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const DIGEST_BYTES = 4;
const KEPT_MS = 30 * 24 * 3600 * 1000;
