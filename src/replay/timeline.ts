import type { StoredEvent } from '../domain/events.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import { eventInWords, moveInWords, type StateValue } from '../domain/inbox/state-value.ts';
import { isRecord } from '../domain/record.ts';
import { visibleLine } from '../domain/rendering/visible.ts';

/** A line of a timeline for a person, and when it happened. */
export interface TimelineLine {
  readonly at: string;
  readonly text: string;
}

/** What happened, in words: a line for each row, each event, each move of a machine and each reply that failed. */
export function tellTimeline(frames: readonly Frame[]): TimelineLine[] {
  const places = new Map<string, StateValue>();
  return frames.flatMap((frame) => {
    const words = wordsOf(frame, places);
    return words === null ? [] : [{ at: frame.at, text: `${frame.at}  ${visibleLine(words)}` }];
  });
}

function wordsOf(frame: Frame, places: Map<string, StateValue>): string | null {
  switch (frame.type) {
    case 'row.served':
      return `row    ${ofRow(frame.data.row)}`;
    case 'event.appended':
      return `${`#${frame.data.event.seq}`.padEnd(6)} ${ofEvent(frame.data.event)}`;
    case 'machine.moved': {
      const { machine, event, value } = frame.data;
      const place = `${frame.workspaceId} ${machine}`;
      const move = moveInWords(places.get(place) ?? null, value);
      places.set(place, value);
      return move === ''
        ? null
        : `·      ${machine} ${move}${event === '' ? '' : ` (${eventInWords(event)})`}`;
    }
    case 'reply.received':
      return frame.data.kind === null
        ? null
        : `reply  ${frame.data.call} failed: ${frame.data.status} ${frame.data.kind}`;
    case 'frames.dropped':
      return `…      ${frame.data.count} frames are missing here`;
    case 'ledger.opened':
      return `log    opened at event ${frame.data.state.seq}`;
  }
}

function ofRow(row: unknown): string {
  if (!isRecord(row)) return 'not an object';
  const { id, activity_type: type, method, source_id: source } = row;
  const named = typeof method === 'string' && method !== '' ? method : '(no method)';
  return `${short(id)} ${String(type)} ${named} from ${typeof source === 'string' ? short(source) : 'the canvas'}`;
}

function ofEvent({ type, data }: StoredEvent): string {
  const words = [type.padEnd(20)];
  if ('activityId' in data) words.push(short(data.activityId));
  if ('fileId' in data) words.push(short(data.fileId));
  if ('row' in data && data.row !== null) words.push(short(data.row.id));
  switch (type) {
    case 'message.received':
      words.push(`${data.message.kind}: ${data.message.text}`, countFiles(data.files.length));
      break;
    case 'message.released':
      words.push(...data.outcomes.map(({ outcome }) => outcome.status));
      break;
    case 'row.skipped':
      words.push(data.reason.replaceAll('_', ' '));
      break;
    case 'row.unreadable':
    case 'upload.failed':
    case 'upload.expired':
    case 'upload.tooLarge':
      words.push(data.reason);
      break;
    case 'upload.announced':
      words.push(data.name);
      break;
    case 'upload.staged':
      words.push(`${data.bytes} bytes`);
      break;
    case 'session.opened':
      words.push(`session ${data.session}`);
      break;
    case 'message.popped':
      words.push(`by ${data.by}`);
      break;
    case 'cursor.advanced':
      words.push(data.cursor === null ? 'nowhere' : `to ${short(data.cursor.id)}`);
  }
  return words.filter((word) => word !== '').join(' ');
}

function countFiles(count: number): string {
  return count === 0 ? '' : `[${count === 1 ? 'one file' : `${count} files`}]`;
}

function short(id: unknown): string {
  return typeof id === 'string' ? id.slice(0, 8) : '(no id)';
}
