import type { EventEmitter } from 'node:events';
import { KEEP_CODE } from './code-cache.ts';

/**
 * Has V8 keep the heap of a process with many workspaces small. What a quiet workspace holds is replaced with each poll and
 * heartbeat, half a minute apart: long enough to be taken for something that lasts. V8 then lets the heap grow to two and a
 * half times of what is alive, its youngest part to 32 MiB, and leaves pages half empty. Measured by
 * `npm run bench -- idle-100 idle-1000`. A process with a few workspaces stays as it is, made for speed. A runtime without
 * one of these switches says so on stderr and goes on.
 *
 * Compiled code is kept before, and with as little of it as has run by then: V8 refuses what was written under other switches
 * than it is read under.
 */
export function keepHeapLean(workspaces: number): void {
  if (workspaces < CROWD) return;
  (process as EventEmitter).emit(KEEP_CODE);
  const { setFlagsFromString } = process.getBuiltinModule('node:v8'); // Not at once: every start would wait for it.
  setFlagsFromString('--semi-space-growth-factor=1');
  // The larger it is, the longer each look through it takes.
  setFlagsFromString(`--heap-growing-percent=${workspaces < 300 ? 15 : 25}`);
  // Else a heap grows by 8 MiB at least, a third of that of a hundred workspaces.
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--compact-on-every-full-gc');
}

const CROWD = 20;
