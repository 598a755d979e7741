import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disk } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { receiveLine, sendLine } from './line-exchange.ts';
import { createPlace, type Lease, type Place } from './place.ts';
import { type Reply, readReply, readSaying, type Saying } from './wire.ts';

/**
 * Decides which of several windows (bridge processes of one user) delivers a workspace, and lets the others work through
 * it. The operating system says who lives: a lock ends with its process, however that ends, and is never taken from a slow
 * one. A key is one workspace on one platform.
 */
export interface DeliveryLock {
  /**
   * Stands in line for a key; resolves when this process is the one to deliver, at once or when all before it have ended.
   * Rejects with the signal's reason, leaving the line, or with a `StorageError`. One place per key at a time.
   */
  acquire(key: string, signal: AbortSignal): Promise<Lease>;
  /** Answers what other windows {@link DeliveryLock.ask} of keys that this process delivers; the signal fires when they give up. */
  serve(handler: Handler): void;
  /**
   * Asks the window that delivers a key. Waits while delivery changes hands; rejects with the signal's reason, with the
   * handler's words, or when that window ends before it has answered: then the request may or may not have been done.
   */
  ask(key: string, request: unknown, signal: AbortSignal): Promise<unknown>;
  /** Makes the pending {@link DeliveryLock.acquire} of a key come true before all others, once the one who delivers has let go. */
  claim(key: string, signal: AbortSignal): Promise<void>;
  /** Makes sure that the run-time folder still knows us; runs by itself every 30 s. */
  refresh(): Promise<void>;
  /** Gives up all places and stops to listen. */
  close(): Promise<void>;
}

/** Answers one request; both are plain JSON. */
export type Handler = (key: string, request: unknown, signal: AbortSignal) => Promise<unknown>;

/** What a lock needs. `folder` is the run-time folder that all windows share; `linkSockets` as in {@link openEndpoint}. */
export interface DeliveryLockParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly linkSockets?: boolean;
}

/** A lock that begins to listen with the first key. */
export function createDeliveryLock({ folder, disk, logger, ...parts }: DeliveryLockParts): DeliveryLock {
  const places = new Map<string, Place>();
  const connections = new Set<Socket>();
  const unanswered = new Set<{ readonly place: Place; readonly passOn: () => void }>();
  let opening: Promise<Endpoint> | null = null;
  let refreshing: NodeJS.Timeout | null = null;
  /** How many names led here when each place was looked at; null when a place was taken or given up since. */
  let names: number | null = null;
  let looks = 0;
  let closing = false;
  let handler: Handler = async () => {
    throw new Error('nothing is served here');
  };

  function open(): Promise<Endpoint> {
    opening ??= openEndpoint({ folder, disk, onConnection: listen, ...parts });
    refreshing ??= setInterval(() => void refresh(), REFRESH_EVERY_MS).unref();
    return opening;
  }

  function placeFor(key: string): Place {
    return createPlace({ key, runTimeFolder: folder, endpoint: open(), disk });
  }

  /**
   * One look for all places. Each place is looked at by itself when that shows another number of names, and now and then,
   * since a folder that was moved away still counts.
   */
  async function refresh(): Promise<void> {
    const found = (await opening?.then((endpoint) => endpoint.refreshAll()).catch(() => null)) ?? null;
    looks += 1;
    // Where names are not counted there are fewer than places.
    const isAsBefore = found !== null && found === names && found > places.size;
    if (isAsBefore && looks % WHOLE_LOOK_EVERY !== 0) return;
    names = found;
    for (const place of places.values()) {
      await place.refresh().catch((error) => {
        names = null;
        logger.warn(`delivery lock: ${reasonOf(error)}`);
      });
    }
  }

  function listen(socket: Socket): void {
    connections.add(socket);
    socket.unref();
    socket.on('error', () => {});
    socket.on('close', () => connections.delete(socket));
    receiveLine(socket)
      .then((line) => hear(readSaying(line), socket))
      .catch(() => socket.destroy());
  }

  async function hear(saying: Saying | null, socket: Socket): Promise<void> {
    if (saying === null) socket.destroy();
    else if ('wait' in saying) {
      const place = places.get(saying.wait);
      if (place) await place.holdBack(socket, saying.behind);
      else socket.destroy();
    } else {
      const place = places.get('ask' in saying ? saying.ask : saying.claim);
      if (!place?.delivers) sendLine(socket, { notDelivering: true } satisfies Reply);
      else if ('claim' in saying) place.yieldTo(saying.heir, socket);
      else {
        const reply = await whileItDelivers(place, () => answer(saying.ask, saying.request, socket));
        sendLine(socket, reply);
      }
    }
  }

  /**
   * Who lets another window deliver has finished what was under way; what is unanswered then would wait here for ever, and
   * is the other's to answer.
   */
  function whileItDelivers(place: Place, act: () => Promise<Reply>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const asking = { place, passOn: () => resolve({ notDelivering: true }) };
      unanswered.add(asking);
      act()
        .then(resolve, reject)
        .finally(() => unanswered.delete(asking));
    });
  }

  async function answer(key: string, request: unknown, socket: Socket): Promise<Reply> {
    const gone = new AbortController();
    socket.once('close', () => gone.abort(new Error('the window that asked is gone')));
    try {
      return { reply: (await handler(key, request, gone.signal)) ?? null };
    } catch (error) {
      return { error: reasonOf(error) };
    }
  }

  /** Says something to whoever delivers, again while nobody does. `ours` is for when that is this window. */
  async function exchange(
    key: string,
    saying: Saying,
    signal: AbortSignal,
    ours: () => Promise<unknown>,
  ): Promise<unknown> {
    for (;;) {
      const place = places.get(key);
      if (!place) throw new StorageError('failed', 'only who stands in line may ask');
      const reply = await (place.delivers
        ? whileItDelivers(place, async () => ({ reply: await ours() }))
        : sayToForemost(place, saying, signal));
      if (reply && 'error' in reply) throw new Error(reply.error);
      if (reply && 'reply' in reply) return reply.reply;
      await pause(ASK_AGAIN_AFTER_MS, undefined, { signal, ref: false }).catch(() => {});
      signal.throwIfAborted();
    }
  }

  return {
    async acquire(key, signal) {
      if (places.has(key)) throw new StorageError('failed', 'this window stands in line already');
      const place = placeFor(key);
      places.set(key, place);
      names = null;
      place.left.then(() => {
        places.delete(key);
        names = null;
        for (const asking of unanswered) if (asking.place === place && !closing) asking.passOn();
      });
      return place.reachFront(signal);
    },
    serve(serving) {
      handler = serving;
    },
    ask: (key, request, signal) =>
      exchange(key, { ask: key, request }, signal, () => handler(key, request, signal)),
    async claim(key, signal) {
      const { name } = await open();
      try {
        await exchange(key, { claim: key, heir: name }, signal, async () => {});
      } finally {
        const place = places.get(key);
        if (place) place.lookAgain();
        // Whoever has meanwhile left the line must not keep a place that it inherited.
        else await placeFor(key).leave();
      }
    },
    refresh,
    async close() {
      closing = true;
      if (refreshing) clearInterval(refreshing);
      refreshing = null;
      for (const place of places.values()) await place.leave();
      const endpoint = await opening?.catch(() => null);
      opening = null;
      await endpoint?.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

/** Null when nobody stands before us. */
async function sayToForemost(place: Place, saying: Saying, signal: AbortSignal): Promise<Reply | null> {
  const deliverer = await place.foremost(signal);
  return deliverer && converse(deliverer.socket, saying, signal);
}

/** Says one line and waits for the answer; the connection is gone afterwards. */
async function converse(socket: Socket, saying: Saying, signal: AbortSignal): Promise<Reply> {
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    sendLine(socket, saying);
    return readReply(await receiveLine(socket));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const REFRESH_EVERY_MS = 30_000;
/** Five minutes. */
const WHOLE_LOOK_EVERY = 10;
const ASK_AGAIN_AFTER_MS = 25;
