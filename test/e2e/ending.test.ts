import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { createPollWorkspace, startTestPlatform, uploadAsUser } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** What the bridge is in the middle of when its host goes away. */
const busyWith = {
  'a poll': {
    route: 'GET /workspaces/:id/activity',
    prepare: async (platform: LocalPlatform) =>
      platform.faults.hold('GET /workspaces/:id/activity', { times: 9 }),
  },
  'a heartbeat': {
    route: 'POST /registry/heartbeat',
    prepare: async (platform: LocalPlatform) =>
      platform.faults.hold('POST /registry/heartbeat', { times: 9 }),
  },
  'an upload': {
    route: 'GET /workspaces/:id/pending-uploads/:fileId/content',
    prepare: async (platform: LocalPlatform, workspace: { readonly id: string }) => {
      platform.faults.on(isContent, { kind: 'drip', chunkBytes: 1, everyMs: 50 }, { times: 9 });
      await uploadAsUser(platform, workspace, [{ name: 'slow.bin', bytes: 'x'.repeat(5000) }]);
    },
  },
} as const;

/** How a host goes away. */
const endings = {
  'the end of stdin': (bridge: ChildProcess) => bridge.stdin?.end(),
  SIGTERM: (bridge: ChildProcess) => bridge.kill('SIGTERM'),
  SIGINT: (bridge: ChildProcess) => bridge.kill('SIGINT'),
  'a broken pipe': (bridge: ChildProcess) => {
    bridge.stdout?.destroy();
    // The next answer finds the pipe broken.
    bridge.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  },
} as const;

const isContent = ({ path }: { readonly path: string }) => path.endsWith('/content');

describe.each(Object.keys(busyWith) as (keyof typeof busyWith)[])('during %s', (work) => {
  it.each(Object.keys(endings) as (keyof typeof endings)[])(
    '%s ends the process within a second, with no further request and no partial file (W-18)',
    async (ending) => {
      const platform = await startTestPlatform();
      const workspace = await createPollWorkspace(platform);
      await busyWith[work].prepare(platform, workspace);
      const folder = createTempFolder('ending');
      const busy = platform.requests.next(work === 'an upload' ? isContent : busyWith[work].route);
      const bridge = spawn(process.execPath, ['dist/cli.js'], {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          CONFIGS_DIR: folder,
          PLATFORM_URL: platform.url,
          WORKSPACE_ID: workspace.id,
          MOLECULE_WORKSPACE_TOKEN: workspace.token,
        },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      onTestFinished(() => void bridge.kill('SIGKILL'));
      await busy;

      const gone = once(bridge, 'exit');
      const at = performance.now();
      endings[ending](bridge);
      const [code, signal] = await gone;
      const tookMs = performance.now() - at;
      expect([code, signal]).toEqual([0, null]);
      // A second, and one more for a machine under load.
      expect(tookMs).toBeLessThan(2000);
      // What left before the end has been read once this is answered.
      await fetch(`${platform.url}/health`);
      const seen = platform.requests.seen.length;
      await fetch(`${platform.url}/health`);
      expect(platform.requests.seen.length).toBe(seen + 1);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      // A snapshot that was begun is a cache: its temp is swept by the next start.
      const partial = files.filter((name) => name.includes('slow.bin') || name.endsWith('.tmp'));
      expect(partial.filter((name) => !name.includes('snapshot.json'))).toEqual([]);
    },
  );
});
