import { readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDeliveryLock } from '../../../adapters/delivery-lock/delivery-lock.ts';
import { queueFolder } from '../../../adapters/delivery-lock/queue.ts';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const KEY = 'https://platform.example 11111111-2222-4333-8444-555555555555';
const NEVER = new AbortController().signal;

/** Windows that share a run-time folder; each listens for itself, as processes do. */
function windows(count: number, linkSockets?: boolean) {
  const folder = createTempFolder('run');
  const logger = recordingLogger();
  const disk = createDisk({ logger });
  const locks = Array.from({ length: count }, () =>
    createDeliveryLock({ folder, disk, logger, ...(linkSockets === undefined ? {} : { linkSockets }) }),
  );
  onTestFinished(async () => void (await Promise.all(locks.map((lock) => lock.close()))));
  return { folder, locks };
}

type Lock = ReturnType<typeof createDeliveryLock>;

/** Stands in line; `delivers` says whether the lease has come. */
async function inLine(lock: Lock | undefined, key = KEY, signal = NEVER) {
  if (!lock) throw new Error('no such window');
  const state = { delivers: false, lease: lock.acquire(key, signal) };
  state.lease.then(
    () => {
      state.delivers = true;
    },
    () => {},
  );
  return state;
}

describe.each([
  ['linked sockets', true],
  ['address files, as on Windows', false],
])('delivery lock by %s', (_, linkSockets) => {
  it('gives a key to the first, and to the next in line when that lets go', async () => {
    const { locks, folder } = windows(3, linkSockets);
    const first = await (await inLine(locks[0])).lease;
    const second = await inLine(locks[1]);
    await until(async () => (await entries(folder)).length === 2, 'the second stands in line');
    const third = await inLine(locks[2]);
    await until(async () => (await entries(folder)).length === 3, 'the third stands in line');
    expect([second.delivers, third.delivers]).toEqual([false, false]);
    await first.release();
    const lease = await second.lease;
    expect(third.delivers).toBe(false);
    await lease.release();
    await third.lease;
  });

  it('keeps keys apart: two windows with different workspaces both deliver', async () => {
    const { locks } = windows(2, linkSockets);
    await (await inLine(locks[0], 'one')).lease;
    await (await inLine(locks[1], 'two')).lease;
    const waiting = await inLine(locks[1], 'one');
    await (await inLine(locks[0], 'three')).lease;
    expect(waiting.delivers).toBe(false);
  });

  it('lets a window in the middle leave the line without disturbing it', async () => {
    const { locks, folder } = windows(3, linkSockets);
    const first = await (await inLine(locks[0])).lease;
    const abort = new AbortController();
    const second = await inLine(locks[1], KEY, abort.signal);
    await until(async () => (await entries(folder)).length === 2, 'the second stands in line');
    const third = await inLine(locks[2]);
    await until(async () => (await entries(folder)).length === 3, 'the third stands in line');
    abort.abort(new Error('no longer wanted'));
    await expect(second.lease).rejects.toThrow('no longer wanted');
    expect(third.delivers).toBe(false);
    await first.release();
    await third.lease;
    expect(await entries(folder)).toHaveLength(1);
  });

  it('claims: the holder is told, and once it lets go the claimant delivers before all others', async () => {
    const { locks, folder } = windows(3, linkSockets);
    const [one, , three] = locks;
    const first = await (await inLine(one)).lease;
    const second = await inLine(locks[1]);
    await until(async () => (await entries(folder)).length === 2, 'the second stands in line');
    const third = await inLine(three);
    await until(async () => (await entries(folder)).length === 3, 'the third stands in line');
    const claimed = three?.claim(KEY, NEVER);
    expect(await first.lost).toBe('claimed');
    // Not before the holder has finished what it was doing.
    expect(third.delivers).toBe(false);
    await first.release();
    const again = await inLine(one);
    await claimed;
    const lease = await third.lease;
    expect([second.delivers, again.delivers]).toEqual([false, false]);
    await lease.release();
    await second.lease;
    expect(again.delivers).toBe(false);
    await (await second.lease).release();
    await again.lease;
  });

  it('lets standbys ask whoever delivers, whatever the size, and says what the handler said', async () => {
    const { locks } = windows(2, linkSockets);
    const [one, two] = locks;
    one?.serve(async (key, request) => {
      if (request === 'fail') throw new Error('no such message');
      return { key, request, pages: 'é\n'.repeat(500_000) };
    });
    await (await inLine(one)).lease;
    await inLine(two);
    expect(await two?.ask(KEY, { peek: 10 }, NEVER)).toEqual({
      key: KEY,
      request: { peek: 10 },
      pages: 'é\n'.repeat(500_000),
    });
    await expect(two?.ask(KEY, 'fail', NEVER)).rejects.toThrow('no such message');
    // The one who delivers may ask, too: it answers itself.
    await expect(one?.ask(KEY, 'fail', NEVER)).rejects.toThrow('no such message');
  });

  it('what it could not answer before it let go is asked of the next one', async () => {
    const { locks, folder } = windows(3, linkSockets);
    const [one, two, three] = locks;
    const asked: AbortSignal[] = [];
    one?.serve((_key, _request, signal) => {
      asked.push(signal);
      return new Promise(() => {});
    });
    two?.serve(async () => 'from the second');
    const first = await (await inLine(one)).lease;
    const second = await inLine(two);
    await until(async () => (await entries(folder)).length === 2, 'the second stands in line');
    await inLine(three);
    const answers = [three, one].map((lock) => lock?.ask(KEY, 'wait', NEVER));
    const signals = await until(() => (asked.length === 2 ? asked : null), 'the questions arrive');
    await first.release();
    await inLine(one);
    await second.lease;
    expect(await Promise.all(answers)).toEqual(['from the second', 'from the second']);
    await until(() => signals.some(({ aborted }) => aborted), 'the first gives up what another asked');
  });

  it('tells the handler when the one who asked has given up, and the asker when the deliverer has ended', async () => {
    const { locks } = windows(2, linkSockets);
    const [one, two] = locks;
    const asked: AbortSignal[] = [];
    one?.serve((_key, _request, signal) => {
      asked.push(signal);
      return new Promise(() => {});
    });
    await (await inLine(one)).lease;
    await inLine(two);
    const abort = new AbortController();
    const first = two?.ask(KEY, 'wait', abort.signal);
    const [signal] = await until(() => (asked.length > 0 ? asked : null), 'the question arrives');
    abort.abort(new Error('cancelled by the host'));
    await expect(first).rejects.toThrow('cancelled by the host');
    await until(() => signal?.aborted, 'the handler hears of it');

    const second = two?.ask(KEY, 'wait', NEVER);
    const lost = expect(second).rejects.toThrow('went away before it had answered');
    await until(() => asked.length === 2, 'the second question arrives');
    await one?.close();
    await lost;
  });
});

describe('delivery lock', () => {
  it('takes no notice of junk in its folder, nor of junk on its socket', async () => {
    const { locks, folder } = windows(2);
    await (await inLine(locks[0])).lease;
    const [queue = ''] = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    for (const name of ['0', '007', 'x', '99999999999999999999', '-1'])
      await writeFile(join(folder, queue, name), '');
    // An entry that leads nowhere is dead, whatever it is.
    await rm(join(folder, queue, '7'), { force: true });
    await writeFile(join(folder, queue, '7'), '/nowhere');
    for (const line of ['nonsense\n', '{"wait":1}\n', '[]\n', '{"claim":"x","heir":"../../etc/passwd"}\n']) {
      const socket = connect(join(folder, queue, '1'));
      await new Promise((resolve) => socket.once('close', resolve).resume().write(line));
    }
    const second = await inLine(locks[1]);
    await until(async () => (await entries(folder)).includes('8'), 'the second stands in line');
    expect(second.delivers).toBe(false);
    await locks[0]?.close();
    await second.lease;
  });

  it('notices that its folder was cleared, and lets go', async () => {
    const { locks, folder } = windows(1);
    const lease = await (await inLine(locks[0])).lease;
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    await locks[0]?.refresh();
    expect(await lease.lost).toBe('vanished');
  });

  it('notices that one of its places was removed, and keeps the others', async () => {
    const { locks, folder } = windows(1);
    const [lock] = locks;
    if (!lock) throw new Error('there is one');
    const removed = await lock.acquire(KEY, NEVER);
    const kept = await lock.acquire('another', NEVER);
    for (let look = 0; look < 2; look += 1) await lock.refresh();
    await rm(join(queueFolder(folder, KEY), '1'));
    await lock.refresh();
    expect(await removed.lost).toBe('vanished');
    await rm(join(queueFolder(folder, 'another'), '1'));
    await lock.refresh();
    expect(await kept.lost).toBe('vanished');
  });

  it('removes what dead processes left, nothing else', async () => {
    const { locks, folder } = windows(1);
    await writeFile(join(folder, '999999999-00000000.sock'), '');
    await writeFile(join(folder, `${process.ppid}-00000000.sock`), '');
    await (await inLine(locks[0])).lease;
    const names = await readdir(folder);
    expect(names).not.toContain('999999999-00000000.sock');
    expect(names).toContain(`${process.ppid}-00000000.sock`);
  });

  it('says so when a socket path would be too long', async () => {
    const logger = recordingLogger();
    const folder = join(createTempFolder('run'), 'x'.repeat(100));
    const lock = createDeliveryLock({ folder, disk: createDisk({ logger }), logger });
    await expect(lock.acquire(KEY, NEVER)).rejects.toThrow('too long for a socket');
  });
});

async function entries(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.flatMap((name) => /^[0-9a-f]{16}\/(\d+)$/.exec(name)?.[1] ?? []);
}
