import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { createTempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);

async function build(): Promise<string> {
  const folder = createTempFolder('keeping');
  await bundle(folder);
  return folder;
}

/** Starts a command that keeps its code in a folder of its own, and reaches no platform. */
function start(
  folder: string,
  { args = [], workspaces = 1 }: { args?: readonly string[]; workspaces?: number } = {},
) {
  const home = createTempFolder('keeping-home');
  const members = Array.from({ length: workspaces }, (_, index) => ({
    id: `7f3f1d3e-6f4b-4f0b-9d3f-${String(index).padStart(12, '0')}`,
    token: 'test',
    platform_url: 'http://127.0.0.1:9',
  }));
  const child = spawn(process.execPath, [join(folder, 'cli.cjs'), ...args], {
    env: { HOME: home, XDG_CACHE_HOME: home, MOLECULE_WORKSPACES: JSON.stringify(members) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill());
  const cache = join(home, 'molecule-inbox');
  const files = () => (existsSync(cache) ? readdirSync(cache) : []);
  /** Resolves with the files once the server's code is there. */
  const kept = () =>
    vi.waitFor(
      () => {
        const names = files().map((name) => name.split('-')[0]);
        expect(names.sort()).toEqual(['bridge', 'start']);
        return files().map((name) => join(cache, name));
      },
      { timeout: 20_000 },
    );
  return { child, files, kept };
}

it('keeps the compiled code of a server, and none of a command that runs little of the same files', async () => {
  const folder = await build();
  const other = start(folder, { args: ['local-platform', '--port', '0'] });
  await once(other.child.stdout, 'data');
  await start(folder).kept();
  expect(other.child.exitCode).toBeNull();
  expect(other.files()).toEqual([]);
});

it('keeps code that the next start takes, also of a server whose heap is kept lean', async () => {
  const folder = await build();
  for (const path of await start(folder, { workspaces: 20 }).kept()) {
    const { stdout } = await run(process.execPath, ['-e', TAKES, path, join(folder, 'program')]);
    expect(stdout).toBe('true\n');
  }
});

/** Prints whether V8, as a start finds it, takes compiled code for that of the file whose name it begins with. */
const TAKES = `
const [path, folder] = process.argv.slice(1);
const [, name] = /([^/\\\\]+\\.cjs)-v[^/\\\\]*$/.exec(path);
const source = require('node:fs').readFileSync(require('node:path').join(folder, name), 'utf8');
const cachedData = require('node:fs').readFileSync(path).subarray(0, -4);
console.log(!new (require('node:vm').Script)(source, { cachedData }).cachedDataRejected);`;
