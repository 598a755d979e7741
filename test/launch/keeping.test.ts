import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { createTempFolder } from '../support/temp-folder.ts';

it('keeps the compiled code of a server, and none of a command that runs little of the same files', async () => {
  const folder = createTempFolder('keeping');
  await bundle(folder);
  function start(args: readonly string[]) {
    const home = createTempFolder('keeping-home');
    const child = spawn(process.execPath, [join(folder, 'cli.cjs'), ...args], {
      env: { HOME: home, XDG_CACHE_HOME: home, ...UNREACHABLE },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill());
    const cache = join(home, 'molecule-inbox');
    return {
      child,
      files: () => (existsSync(cache) ? readdirSync(cache).map((name) => name.split('-')[0]) : []),
    };
  }
  const other = start(['local-platform', '--port', '0']);
  await once(other.child.stdout, 'data');
  const server = start([]);
  await vi.waitFor(() => expect(server.files().sort()).toEqual(['bridge', 'start']), { timeout: 20_000 });
  expect(other.child.exitCode).toBeNull();
  expect(other.files()).toEqual([]);
});

const UNREACHABLE = {
  PLATFORM_URL: 'http://127.0.0.1:9',
  WORKSPACE_ID: '7f3f1d3e-6f4b-4f0b-9d3f-0c6f5f1a2b3c',
  MOLECULE_WORKSPACE_TOKEN: 'test',
};
