import { createHash } from 'node:crypto';
import { presentMessage } from '../domain/inbox/present.ts';
import type { InboxMessage } from '../domain/message.ts';
import type { Run } from './run.ts';

/** SHA-256 over every frame of a run and the inbox that they come to, in hexadecimal: equal runs, equal digests. */
export function digestOf(run: Run): string {
  const hash = createHash('sha256');
  for (const frame of run.frames) hash.update(`${JSON.stringify(frame)}\n`);
  hash.update(JSON.stringify(inboxOf(run)));
  return hash.digest('hex');
}

/** The messages that wait at a run's end, as the agent would see them. */
export function inboxOf({ state }: Pick<Run, 'state'>): InboxMessage[] {
  return [...state.inbox.values()].map((waiting) => presentMessage(waiting, state, null));
}
