import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Says that these many bytes have gone through, and has the youngest garbage collected every MiB. Each read from a
 * socket is a buffer of its own outside the heap, which the collector by itself lets pile up to 32 MiB before it looks.
 */
export function passed(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  collectYoung ??= findCollector();
  collectYoung();
}

/** The collector that V8 hands out on request; a runtime without one goes on without. */
function findCollector(): () => void {
  try {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect === 'function') return () => collect({ type: 'minor' });
  } catch {}
  return () => {};
}

let passedBytes = 0;
let collectYoung: (() => void) | null = null;
const COLLECT_EVERY_BYTES = 1024 * 1024;
