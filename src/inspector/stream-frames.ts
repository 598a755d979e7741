import type { ServerResponse } from 'node:http';
import type { Frame } from '../domain/inbox/frame.ts';
import type { Spectator } from '../recording/spectators.ts';
import { weightOf } from './weight.ts';

/** What streaming to one page takes. */
export interface StreamParts {
  readonly watch: (spectator: Spectator) => () => void;
  /** What is sent for a frame: objects, each an event of its own. */
  readonly show: (frame: Frame) => readonly unknown[];
  readonly now: () => string;
}

/**
 * Sends what is seen as server-sent events until the page goes. What happens only costs an entry in a short queue, bounded
 * by number and by weight; it is written in a turn of its own. A page that does not keep up loses frames, is told how many,
 * and then where everything stands, so that its fold is right again.
 */
export function streamFrames(response: ServerResponse, { watch, show, now }: StreamParts): void {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let longestFlushMs = 0;
  let isDue = false;
  let isResting = false;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': here\n\n');
  let unwatch = begin();

  /** Where everything stands is told whole: the bridge holds it anyway. */
  function begin(): () => void {
    let isBeginning = true;
    const end = watch((frame) => take(frame, isBeginning ? 0 : weightOf(frame.data)));
    isBeginning = false;
    return end;
  }

  function take(frame: Frame, bytes: number): void {
    const isFull = bytes > 0 && (waiting.length >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES);
    if (dropped > 0 || isFull) dropped += 1;
    else {
      waiting.push({ frame, bytes });
      waitingBytes += bytes;
    }
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  }

  function flush(): void {
    if (response.destroyed) return;
    if (response.writableNeedDrain) {
      response.once('drain', flush);
      return;
    }
    const beganMs = performance.now();
    const taken = waiting;
    waiting = [];
    for (const [place, { frame, bytes }] of taken.entries()) {
      send(frame);
      waitingBytes -= bytes;
      if (!response.writableNeedDrain) continue;
      waiting = taken.slice(place + 1);
      break;
    }
    longestFlushMs = Math.max(longestFlushMs, performance.now() - beganMs);
    isDue = waiting.length > 0;
    if (isDue) response.once('drain', flush);
    else if (dropped > 0) restAndStartOver();
  }

  /** The page's fold has a gap: it is told everything anew, seldom enough that telling costs little. */
  function restAndStartOver(): void {
    if (isResting) return;
    isResting = true;
    setTimeout(
      () => {
        isResting = false;
        if (response.destroyed) return;
        send(missing(dropped));
        unwatch();
        dropped = 0;
        unwatch = begin();
      },
      Math.max(LEAST_REST_MS, REST_PER_WORK * longestFlushMs),
    ).unref();
  }

  function missing(count: number): Frame {
    return { type: 'frames.dropped', at: now(), workspaceId: '', data: { count } };
  }

  function send(frame: Frame): void {
    for (const message of written(frame) ?? written(missing(1)) ?? []) response.write(`data: ${message}\n\n`);
  }

  /** Null when a stranger has nested more in a row than can be written. */
  function written(frame: Frame): readonly string[] | null {
    try {
      return show(frame).map((message) => JSON.stringify(message));
    } catch {
      return null;
    }
  }

  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': here\n\n');
  }, BEAT_EVERY_MS);
  beat.unref();
  response.on('close', () => {
    clearInterval(beat);
    unwatch();
  });
}

interface Waiting {
  readonly frame: Frame;
  readonly bytes: number;
}

const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const LEAST_REST_MS = 500;
const REST_PER_WORK = 20;
const BEAT_EVERY_MS = 15_000;
