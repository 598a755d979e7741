import type { ServerResponse } from 'node:http';
import type { Frame } from '../domain/inbox/frame.ts';
import type { Spectator } from '../recording/spectators.ts';

/** What streaming to one page takes. */
export interface StreamParts {
  readonly watch: (spectator: Spectator) => () => void;
  /** What is sent for a frame: objects, each an event of its own. */
  readonly show: (frame: Frame) => readonly unknown[];
  readonly now: () => string;
}

/**
 * Sends what is seen as server-sent events until the page goes. What happens only costs an entry in a short queue; it is
 * written in a turn of its own. A page that does not keep up loses frames, is told how many, and then where everything
 * stands, so that its fold is right again.
 */
export function streamFrames(response: ServerResponse, { watch, show, now }: StreamParts): void {
  let waiting: Frame[] = [];
  let dropped = 0;
  let longestFlushMs = 0;
  let isDue = false;
  let isResting = false;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': here\n\n');
  let unwatch = watch(take);

  function take(frame: Frame): void {
    if (dropped > 0 || waiting.length >= MAX_WAITING) dropped += 1;
    else waiting.push(frame);
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
    const frames = waiting;
    waiting = [];
    for (const [place, frame] of frames.entries()) {
      send(frame);
      if (!response.writableNeedDrain) continue;
      waiting = frames.slice(place + 1);
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
        send({ type: 'frames.dropped', at: now(), workspaceId: '', data: { count: dropped } });
        unwatch();
        dropped = 0;
        unwatch = watch(take);
      },
      Math.max(LEAST_REST_MS, REST_PER_WORK * longestFlushMs),
    ).unref();
  }

  function send(frame: Frame): void {
    for (const message of show(frame)) response.write(`data: ${JSON.stringify(message)}\n\n`);
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

const MAX_WAITING = 2_000;
const LEAST_REST_MS = 500;
const REST_PER_WORK = 20;
const BEAT_EVERY_MS = 15_000;
