import * as z from 'zod';
import { openLine } from '../../adapters/event-log/line.ts';
import type { StoredEvent } from '../domain/events.ts';
import { initialState } from '../domain/inbox/inbox-state.ts';
import { stateFromJson } from '../domain/inbox/state-json.ts';
import { type Source, SourceError } from './source.ts';

/**
 * A workspace's `events.jsonl`, read only: each line against its checksum, a torn last line left out as the bridge does.
 * A log does not say whose it is.
 */
export function readEventLog(path: string, lines: readonly string[]): readonly Source[] {
  const [head, ...rest] = lines;
  // What stands behind the last line break was never finished.
  const whole = rest.slice(0, -1);
  const opened = headSchema.safeParse(openLine(head ?? ''));
  if (!opened.success) throw new SourceError(`${path}:1 does not match its checksum`);
  const initial = opened.data.state === undefined ? initialState() : stateFromJson(opened.data.state);
  if (!initial) throw new SourceError(`${path}:1 holds a state of another version`);
  const events = whole.map((line, index) => {
    const event = eventSchema.safeParse(openLine(line));
    if (!event.success) throw new SourceError(`${path}:${index + 2} does not match its checksum`);
    return event.data as unknown as StoredEvent;
  });
  return [{ kind: 'log', log: { workspaceId: '', initial, events } }];
}

const headSchema = z.looseObject({ type: z.string(), state: z.unknown().optional() });
const eventSchema = z.looseObject({ seq: z.number(), at: z.iso.datetime(), type: z.string() });
