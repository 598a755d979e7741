import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundledProgram } from '../support/bundled-program.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const DAY_MS = 24 * 3600 * 1000;
const run = promisify(execFile);

/** What a start did: which files' code it kept, and what the program came to. */
interface Start {
  readonly written: readonly string[];
  readonly answer: number;
}

/** A program of two files in a folder of its own, and a cache that is empty. V8 must be a new one for each start. */
async function setUp({ times = 2 } = {}) {
  const launching = await bundledProgram('test/launch/launching.ts');
  const folder = createTempFolder('program');
  const home = createTempFolder('cache');
  const cached = join(home, 'molecule-inbox');
  const packed = (name: string, code: string) =>
    writeFileSync(join(folder, name), `({'module.cjs':function(module,exports,require){${code}\n}})`);
  const first = `start-${times}.cjs`;
  packed(first, `globalThis.answer = require('later.cjs#module.cjs').times(21);`);
  packed('later.cjs', `exports.times = (number) => number * ${times};`);

  async function start(env: NodeJS.ProcessEnv = { XDG_CACHE_HOME: home }): Promise<Start> {
    const args = [launching, folder, `${first}#module.cjs`];
    const { stdout } = await run(process.execPath, args, { env });
    return JSON.parse(stdout) as Start;
  }
  const files = () => (existsSync(cached) ? readdirSync(cached).sort() : []);
  return { folder, home, cached, packed, start, files };
}

describe('the compiled code of the program', () => {
  it('is kept once it has run, for this user alone, and used by the next start', async () => {
    const { cached, start, files } = await setUp();
    expect(await start()).toEqual({ written: ['start-2.cjs', 'later.cjs'], answer: 42 });
    expect(files()).toHaveLength(2);
    if (process.platform !== 'win32') {
      expect(statSync(cached).mode & 0o777).toBe(0o700);
      for (const name of files()) expect(statSync(join(cached, name)).mode & 0o777).toBe(0o600);
    }
    // What is neither missing nor refused by V8 is not written again.
    expect(await start()).toEqual({ written: [], answer: 42 });
  });

  it('is kept anew when a byte of it changed, which would end the process if V8 ran it', async () => {
    const { cached, start, files } = await setUp();
    await start();
    const [name = ''] = files();
    const whole = readFileSync(join(cached, name));
    const damaged = [24, whole.length >> 1, whole.length - 1].map((at) => {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 0x41;
      return copy;
    });
    for (const bytes of [...damaged, whole.subarray(0, 3), whole.subarray(0, -8)]) {
      writeFileSync(join(cached, name), bytes);
      expect(await start()).toEqual({ written: ['later.cjs'], answer: 42 });
    }
  });

  it('of another version of Node is left alone, and refused when it bears the name of this one', async () => {
    const { cached, start, files } = await setUp();
    await start();
    for (const name of files()) {
      expect(name).toContain(process.version);
      // The version's hash lies behind V8's magic number.
      const code = readFileSync(join(cached, name)).subarray(0, -4);
      code.writeUInt32LE((code.readUInt32LE(4) ^ 0xffff) >>> 0, 4);
      writeFileSync(join(cached, name), Buffer.concat([code, digestOf(code)]));
    }
    expect(await start()).toEqual({ written: ['start-2.cjs', 'later.cjs'], answer: 42 });
  });

  it('of another build is not taken for its own: its files have other names or other code', async () => {
    const one = await setUp();
    await one.start();
    const other = await setUp({ times: 20 });
    expect((await other.start({ XDG_CACHE_HOME: one.home })).answer).toBe(420);
    expect(one.files().filter((name) => name.startsWith('start-'))).toHaveLength(2);
  });

  it.skipIf(process.platform === 'win32')(
    'is not read where another may have written it, nor through a link',
    async () => {
      const { cached, home, start, files } = await setUp();
      await start();
      const [name = ''] = files();
      chmodSync(join(cached, name), 0o622);
      expect((await start()).written).toEqual(['later.cjs']);
      const elsewhere = join(home, 'elsewhere');
      renameSync(join(cached, name), elsewhere);
      symlinkSync(elsewhere, join(cached, name));
      expect((await start()).written).toEqual(['later.cjs']);
    },
  );

  it('is done without where nothing can be written, or where it was turned off', async () => {
    const { home, start, files } = await setUp();
    const blocked = join(home, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    expect((await start({ XDG_CACHE_HOME: blocked })).answer).toBe(42);
    expect((await start({ XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })).answer).toBe(42);
    expect(files()).toEqual([]);
  });

  it('that nobody has written for a month goes when other code comes', async () => {
    const { cached, start, files } = await setUp();
    await start();
    const [damaged = ''] = files();
    const longAgo = new Date(Date.now() - 31 * DAY_MS);
    writeFileSync(join(cached, 'old.code'), 'of a version long gone');
    utimesSync(join(cached, 'old.code'), longAgo, longAgo);
    writeFileSync(join(cached, damaged), 'damaged');
    await start();
    expect(files()).toHaveLength(2);
    expect(files()).not.toContain('old.code');
  });

  it('is whole when several processes keep it at once', async () => {
    const { cached, start, files } = await setUp();
    for (const { answer } of await Promise.all([start(), start(), start()])) expect(answer).toBe(42);
    expect(files()).toHaveLength(2);
    for (const name of files()) {
      const file = readFileSync(join(cached, name));
      expect(digestOf(file.subarray(0, -4))).toEqual(file.subarray(-4));
    }
    expect((await start()).written).toEqual([]);
  });
});

describe('the program', () => {
  it('says what to do about a file that another version took away', async () => {
    const { folder, start } = await setUp();
    rmSync(join(folder, 'later.cjs'));
    await expect(start()).rejects.toThrow(
      /replaced or removed while it ran \(.*later\.cjs\); start it again/,
    );
  });

  it('says nothing of another version when its file is there and cannot be read', async () => {
    const { folder, start } = await setUp();
    rmSync(join(folder, 'later.cjs'));
    mkdirSync(join(folder, 'later.cjs'));
    const failure = String(await start().catch((error) => error));
    expect(failure).toContain('EISDIR');
    expect(failure).not.toContain('replaced');
  });

  it('fails again when it asks again for a module that failed half-way: half of one does not pass for a whole one', async () => {
    const { packed, start } = await setUp();
    packed('later.cjs', `exports.times = () => 1; throw new Error('half-way');`);
    packed(
      'start-2.cjs',
      `const load = () => require('later.cjs#module.cjs').times();
      try { load(); } catch {}
      load();`,
    );
    await expect(start()).rejects.toThrow('half-way');
  });
});

function digestOf(code: Buffer): Buffer {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(code));
  return digest;
}
