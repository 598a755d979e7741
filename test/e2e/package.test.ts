import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTempFolder } from '../support/temp-folder.ts';

describe('the published package', () => {
  it('installs into an empty folder, answers `initialize` and resolves its state directory (C4)', async () => {
    const folder = createTempFolder('package');
    const home = join(folder, 'home');
    mkdirSync(home);
    const npm = (args: readonly string[], cwd: string) =>
      execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
    // dist/ is built by now: packing it again would build it a second time under the other tests.
    const [packed] = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], '.'),
    ) as {
      filename: string;
      files: { path: string }[];
    }[];
    expect(packed?.files.map(({ path }) => path)).toContain('dist/cli.js');
    npm(
      [
        'install',
        '--prefix',
        folder,
        '--offline',
        '--no-audit',
        '--no-fund',
        join(folder, packed?.filename ?? ''),
      ],
      folder,
    );
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'molecule-inbox',
    ]);

    const program = join(
      folder,
      'node_modules',
      '.bin',
      process.platform === 'win32' ? 'molecule-inbox.cmd' : 'molecule-inbox',
    );
    const bridge = spawn(program, [], {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        PLATFORM_URL: 'http://127.0.0.1:9',
        WORKSPACE_ID: '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11',
        MOLECULE_WORKSPACE_TOKEN: 'token',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    });
    onTestFinished(() => void bridge.kill());
    bridge.stdin.write(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\n',
    );
    const [line] = await bridge.stdout.setEncoding('utf8').take(1).toArray();
    expect(JSON.parse(line)).toMatchObject({ id: 1, result: { serverInfo: { name: 'molecule-inbox' } } });
    expect(existsSync('/configs') || existsSync(join(home, '.molecule-workspace'))).toBe(true);
  });
});
