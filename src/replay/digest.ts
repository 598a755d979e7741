import { createHash } from 'node:crypto';
import type { InboxMessage } from '../domain/message.ts';
import { presentMessage } from '../domain/present.ts';
import { stateToJson } from '../domain/state-json.ts';
import type { Run } from './run.ts';

/** SHA-256 over every frame of a run and the state that they come to, in hexadecimal: equal runs, equal digests. */
export function digestOf({ frames, state }: Run): string {
  const hash = createHash('sha256');
  for (const frame of frames) hash.update(`${JSON.stringify(frame)}\n`);
  hash.update(JSON.stringify(stateToJson(state)));
  return hash.digest('hex');
}

/** The messages that wait at a run's end, as the agent would see them. */
export function inboxOf({ state }: Pick<Run, 'state'>): InboxMessage[] {
  return [...state.inbox.values()].map((waiting) => presentMessage(waiting, state, null));
}
