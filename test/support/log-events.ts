import type { DomainEvent, StoredEvent } from '../../src/domain/events.ts';
import { stored } from './given.ts';
import { at, idOf } from './rows.ts';

/** A message's arrival and release, and its pop: the plainest life in a log. */
export function received(number: number, text = `message ${number}`): DomainEvent[] {
  const id = idOf(number);
  const row = { id, atMicros: Date.parse(at(number)) * 1000 };
  const message = {
    activity_id: id,
    text,
    peer_id: '',
    kind: 'canvas_user' as const,
    method: 'message/send',
    created_at: at(number),
  };
  return [
    { type: 'message.received', data: { message, row, conversation: '', files: [] } },
    { type: 'message.released', data: { activityId: id, outcomes: [] } },
  ];
}

/** The pop of message `number`. */
export function popped(number: number): DomainEvent {
  return { type: 'message.popped', data: { activityId: idOf(number), by: 'pop' } };
}

/** Events as the log holds them, going on after `seq`. */
export function numbered(seq: number, events: readonly DomainEvent[]): StoredEvent[] {
  return events.map((event, index) => stored(event, seq + index + 1));
}
