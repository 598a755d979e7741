// How quickly and in how much memory files arrive. Three processes: this one measures, one is the local platform, one the
// bridge, so that nobody's memory is another's. Prints rows of the table as JSON.
import { execFile, execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { latency } from '../src/local-platform/faults/fault.ts';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { type Offered, openBridge } from './bridge.ts';
import { type End, forkSelf, parentEnd } from './ends.ts';
import { memoryBytes } from './program.ts';
import { median, type Row } from './row.ts';

const run = promisify(execFile);

const MEBI = 1024 * 1024;
const LARGE_BYTES = 96 * MEBI;
const ROUNDS = 5;
/** So many because single pairs lie between 0.5 and 1.7: the same two cores serve, fetch and flush. */
const PAIRS = 15;
const CONTENT = 'GET /workspaces/:id/pending-uploads/:fileId/content';

interface Uploaded {
  readonly fileIds: readonly string[];
}

interface Fetched {
  /** From the first file announced to the last one staged, milliseconds. */
  readonly tookMs: number;
  /** The largest resident set meanwhile, less the one before, bytes. */
  readonly grewBytes: number;
}

/** The platform: uploads what it is told to, slowed down if it is told so. */
async function runPlatform(peer: End): Promise<void> {
  const platform = await startLocalPlatform({ profile: 'head', rateLimit: 1_000_000_000 });
  const { id, token } = platform.createWorkspace({ name: 'bench' });
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
  process.once('SIGTERM', () => {
    rmSync(folder, { recursive: true });
    void platform.close().then(() => process.exit(0));
  });
  const offered: Offered = { url: platform.url, workspaceId: id, token };
  peer.send(offered);
  for (;;) {
    const { count, bytes, delayMs } = await peer.next<{ count: number; bytes: number; delayMs: number }>();
    platform.faults.clear();
    if (delayMs > 0) platform.faults.on(CONTENT, latency(delayMs), { times: Number.POSITIVE_INFINITY });
    // All rows of a round become readable together, once every byte is there.
    const held = platform.faults.commits.hold();
    // By curl and from disk: what this process would keep of them in memory would slow down whoever fetches first.
    const source = join(folder, 'source.bin');
    writeFileSync(source, Buffer.alloc(bytes, 1));
    const uploading = Array.from({ length: count }, async () => {
      const { stdout } = await run('curl', [
        '-sS',
        ...['-H', `Authorization: Bearer ${platform.adminToken}`],
        ...['-F', `files=@${source}`],
        `${platform.url}/workspaces/${id}/chat/uploads`,
      ]);
      const { files } = JSON.parse(stdout) as { files: { uri: string }[] };
      return files[0]?.uri.split('/').at(-1) ?? '';
    });
    for (let index = 0; index < count; index += 1) await held.next();
    // What the platform has yet to write of them would be written beside what is measured, and only the bridge waits for the
    // disk: curl flushes nothing.
    await run('sync');
    takeFromHost(count * bytes);
    held.off();
    const fileIds = await Promise.all(uploading);
    const uploaded: Uploaded = { fileIds };
    peer.send(uploaded);
  }
}

/** The bridge: says how each round went that it was told to expect. */
async function runBridge(peer: End): Promise<void> {
  const bridge = await openBridge(await peer.next<Offered>(), (folder) => ({
    MOLECULE_UPLOADS_DIR: join(folder, 'files'),
    // What a round has staged is deleted behind the bridge's back: nothing may speak of it later.
    MOLECULE_UPLOAD_NOTICE_SECS: '3600',
  }));
  const staged: string[] = [];
  let expected = 0;
  let announcedAtMs = 0;
  let base = 0;
  bridge.events$.subscribe(({ event }) => {
    if (event.type === 'upload.announced' && announcedAtMs === 0) announcedAtMs = performance.now();
    if (event.type !== 'upload.staged') return;
    staged.push(event.data.path);
    expected -= 1;
    if (expected > 0) return;
    const tookMs = performance.now() - announcedAtMs;
    const fetched: Fetched = { tookMs, grewBytes: memoryBytes('self', 'VmHWM') - base };
    for (const path of staged.splice(0)) rmSync(path);
    peer.send(fetched);
  });
  await bridge.start();
  peer.send('ready');
  for (;;) {
    expected = await peer.next<number>();
    announcedAtMs = 0;
    forgetPeak();
    base = process.memoryUsage.rss();
    peer.send('set');
  }
}

/** The kernel counts anew from now on. To look oneself, every few milliseconds, took a twentieth of the processor. */
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

async function measure(): Promise<void> {
  const platform = forkSelf('platform');
  const offered = await platform.next<Offered>();
  const bridge = forkSelf('bridge');
  bridge.send(offered);
  await bridge.next();

  async function round(count: number, bytes: number, delayMs = 0): Promise<Fetched & Uploaded> {
    bridge.send(count);
    await bridge.next();
    platform.send({ count, bytes, delayMs });
    const [{ fileIds }, fetched] = await Promise.all([platform.next<Uploaded>(), bridge.next<Fetched>()]);
    return { ...fetched, fileIds };
  }

  await round(20, 1000);
  const ones: number[] = [];
  const fours: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    ones.push((await round(1, 1000, 300)).tookMs);
    fours.push((await round(4, 1000, 300)).tookMs);
  }
  const [one, four] = [median(ones), median(fours)];
  const grew: number[] = [];
  const pairs: { readonly ourMs: number; readonly curlMs: number }[] = [];
  for (let turn = 0; turn < PAIRS; turn += 1) {
    const large = await round(4, LARGE_BYTES);
    grew.push(large.grewBytes / MEBI);
    pairs.push({ ourMs: large.tookMs, curlMs: curl(offered, large.fileIds) });
  }
  const ratio = four / one;
  // Each round by itself: from one to the next, a machine shared with others has twice or half the speed.
  const share = median(pairs.map(({ ourMs, curlMs }) => curlMs / ourMs));
  const ours = pairs.map(({ ourMs }) => throughput(ourMs));
  const curls = pairs.map(({ curlMs }) => throughput(curlMs));
  const grown = Math.max(...grew);
  const rows: readonly Row[] = [
    {
      what: `4 small files beside each other, the platform adding 300 ms to each, median of ${ROUNDS}`,
      measured: `${four.toFixed(0)} ms`,
      floor: `${one.toFixed(0)} ms for one`,
      ratio,
      budget: '≤ 1.15 ×',
      within: ratio <= 1.15,
    },
    {
      what: `4 × 96 MiB, peak growth of a process warmed by 20 small files (rounds: ${list(grew)} MiB)`,
      measured: `${grown.toFixed(1)} MiB`,
      floor: '',
      ratio: null,
      budget: '≤ 32 MiB',
      within: grown <= 32,
    },
    {
      what: `4 × 96 MiB against curl --parallel, ratio: median of ${PAIRS} pairs (${list(ours)} against ${list(curls)} MiB/s)`,
      measured: `${median(ours).toFixed(0)} MiB/s`,
      floor: `${median(curls).toFixed(0)} MiB/s`,
      ratio: share,
      budget: '≥ 0.80 ×',
      within: share >= 0.8,
    },
  ];
  await Promise.all([platform.stop(), bridge.stop()]);
  console.log(JSON.stringify(rows));
}

/**
 * Has this much memory at hand for what is written next. A virtual machine gives what is free back to its host within two
 * seconds, and whoever then writes first pays for it: 384 MiB took 690 ms instead of 75. The bridge wrote first, and curl into
 * what the bridge had just let go of.
 */
function takeFromHost(bytes: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
  const file = openSync(join(folder, 'any.bin'), 'w');
  const piece = Buffer.alloc(Math.min(bytes, MEBI), 1);
  for (let written = 0; written < bytes; written += piece.length) writeSync(file, piece);
  closeSync(file);
  rmSync(folder, { recursive: true });
}

/**
 * How long curl takes for the same files, side by side, milliseconds: from being told to having them in place, as for the
 * bridge. Its start is in it, a flush to the disk is not.
 */
function curl({ url, workspaceId, token }: Offered, fileIds: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-curl-'));
  const args = fileIds.flatMap((fileId) => [
    '-o',
    join(folder, fileId),
    `${url}/workspaces/${workspaceId}/pending-uploads/${fileId}/content`,
  ]);
  takeFromHost(fileIds.length * LARGE_BYTES);
  const startedAt = performance.now();
  execFileSync('curl', ['-sS', '--fail', '--parallel', '-H', `Authorization: Bearer ${token}`, ...args]);
  const tookMs = performance.now() - startedAt;
  rmSync(folder, { recursive: true });
  return tookMs;
}

function throughput(tookMs: number): number {
  return (4 * LARGE_BYTES) / MEBI / (tookMs / 1000);
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(', ');
}

const role = process.argv[2];
if (role === 'platform') await runPlatform(parentEnd());
else if (role === 'bridge') await runBridge(parentEnd());
else {
  await measure();
  process.exit(0);
}
