import { createServer } from 'node:net';
import { createDeliveryLock } from '../../adapters/delivery-lock/delivery-lock.ts';
import { createDisk } from '../../adapters/disk/disk.ts';

/**
 * A window in a process of its own, for tests of the delivery lock (see `lock-windows.ts`). It stands in line for a key
 * and says on stdout `delivers` and `ended`. While it delivers it also listens on an address that the kernel gives to one
 * process only: should another window deliver at the same time, it says `conflict`.
 */
const [folder = '', key = '', witness = '', linkSockets = ''] = process.argv.slice(2);
const logger = { info() {}, warn: console.error, error: console.error };
const lock = createDeliveryLock({
  folder,
  disk: createDisk({ logger }),
  logger,
  linkSockets: linkSockets === 'true',
});
const never = new AbortController().signal;
const say = (word: string) => process.stdout.write(`${word}\n`);

lock.serve(async (_, request) => ({ answeredBy: process.pid, request }));
process.stdin.setEncoding('utf8').on('data', (words: string) => {
  if (words.includes('claim'))
    lock.claim(key, never).then(
      () => say('claimed'),
      (error) => say(`refused ${error}`),
    );
  if (words.includes('ask'))
    lock.ask(key, process.pid, never).then(
      (reply) => say(`answer ${JSON.stringify(reply)}`),
      (error) => say(`refused ${error}`),
    );
});
// Whoever ends in good order stops delivering before it gives up its place.
process.stdin.on('end', async () => {
  await stopDelivering();
  await lock.close();
  process.exit(0);
});

let stopDelivering = async () => {};
for (;;) {
  const lease = await lock.acquire(key, never);
  const server = createServer();
  server.once('error', () => say('conflict'));
  server.listen(`\0${witness}`, () => say('delivers'));
  stopDelivering = () => new Promise((resolve) => server.close(() => resolve()));
  await lease.lost;
  await stopDelivering();
  say('ended');
  await lease.release();
}
