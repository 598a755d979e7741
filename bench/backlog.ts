// How long 10,000 waiting rows take to be durable, readable and pushed, and in how much memory. The local platform runs in
// a process of its own. Bundled and started by `node scripts/bench-backlog.mjs [rows]`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../adapters/state-directory/resolve.ts';
import { createBridge } from '../src/bridge/bridge.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { writeManyRows } from '../test/support/many-rows.ts';

interface Offered {
  readonly url: string;
  readonly workspaceId: string;
  readonly token: string;
}

const rows = Number(process.argv[2] ?? 10_000);
if (process.send) await offer(process.send.bind(process));
else await measure();

/** The platform's process. */
async function offer(send: (message: Offered) => boolean): Promise<void> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000 });
  const { id, token } = platform.createWorkspace({ name: 'bench' });
  await writeManyRows(platform, id, rows);
  send({ url: platform.url, workspaceId: id, token });
}

async function measure(): Promise<void> {
  const child = fork(process.argv[1] ?? '', [String(rows)]);
  const [offered] = (await once(child, 'message')) as [Offered];
  for (const pushWindow of ['50', '0']) await run(offered, pushWindow);
  child.kill();
}

async function run({ url, workspaceId, token }: Offered, pushWindow: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
  const logger = { info() {}, warn: console.error, error: console.error };
  const disk = createDisk({ logger });
  const reading = await loadConfig({
    env: {
      CONFIGS_DIR: folder,
      MOLECULE_PUSH_WINDOW: pushWindow,
      MOLECULE_WORKSPACES: JSON.stringify([{ id: workspaceId, token, platform_url: url }]),
    },
    stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: folder, disk, logger }),
  });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  const before = process.memoryUsage().rss;
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  let late = 0;
  let lastLook = performance.now();
  const looking = setInterval(() => {
    late = Math.max(late, performance.now() - lastLook - 1);
    lastLook = performance.now();
  }, 1);

  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const { config, directory } = reading;
  const bridge = createBridge({ config, directory, disk, logger, runTimeFolder: join(folder, 'run') });
  const pushed: string[] = [];
  bridge.offerTo({
    initialized: Promise.resolve(),
    async push({ content, meta }) {
      if (meta.kind !== 'inbox_digest') pushed.push(content.split('\n')[1] ?? '');
    },
    inboxChanged() {},
  });
  await bridge.start();
  while (bridge.inbox.waiting() < rows) await new Promise((resolve) => setTimeout(resolve, 5));
  const { messages } = bridge.inbox.peek({ limit: rows });
  const readableAt = seconds();
  const inOrder = (texts: readonly string[]) => texts.every((text, number) => text === `message ${number}`);
  const expected = pushWindow === '0' ? rows : 0;
  while (pushed.length < expected) await new Promise((resolve) => setTimeout(resolve, 5));
  const pushedAt = seconds();
  clearInterval(watching);
  clearInterval(looking);
  console.log(
    JSON.stringify({
      pushWindow: Number(pushWindow),
      rows,
      inOrder: inOrder(messages.map(({ text }) => text)) && inOrder(pushed),
      readableSecs: Number(readableAt.toFixed(2)),
      rowsPerSec: Math.round(rows / readableAt),
      pushed: pushed.length,
      pushedSecs: Number(pushedAt.toFixed(2)),
      grewMiB: Math.round((peak - before) / 1024 / 1024),
      longestHoldMs: Math.round(late),
    }),
  );
  await bridge.stop();
  rmSync(folder, { recursive: true });
}
