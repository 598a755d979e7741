import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { receiveLine, sendLine } from './line-exchange.ts';
import { queueFolder } from './queue.ts';
import { reach } from './reach.ts';
import { readReply, type Saying } from './wire.ts';

/** The windows that stand in line for a workspace now. */
export interface Surrounding {
  readonly windows: number;
  /** What the one that delivers answered; null when none does, or it did not answer in time. */
  readonly reply: unknown;
}

/**
 * Looks which windows live and asks the one that delivers, from a process that stands in no line itself: nobody is
 * disturbed, nothing is written.
 */
export async function lookAround(
  { folder, key }: { readonly folder: string; readonly key: string },
  request: unknown,
  timeoutMs: number,
): Promise<Surrounding> {
  const entries = queueFolder(folder, key);
  const numbers = (await readdir(entries).catch(() => [])).filter((name) => /^[1-9]\d{0,14}$/.test(name));
  const living: Socket[] = [];
  for (const number of numbers.sort((one, other) => Number(one) - Number(other))) {
    const reached = await reach(join(entries, number));
    if (typeof reached !== 'string') living.push(reached);
  }
  try {
    const [foremost] = living;
    const reply = foremost ? await ask(foremost, { ask: key, request }, timeoutMs) : null;
    return { windows: living.length, reply };
  } finally {
    for (const socket of living) socket.destroy();
  }
}

async function ask(socket: Socket, saying: Saying, timeoutMs: number): Promise<unknown> {
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  socket.ref();
  try {
    sendLine(socket, saying);
    const reply = readReply(await receiveLine(socket));
    return 'reply' in reply ? reply.reply : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
