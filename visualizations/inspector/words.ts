import type { Frame } from '../../src/domain/inbox/frame.ts';
import { eventInWords, leavesOf, type StateValue } from '../../src/domain/inbox/state-value.ts';
import { isRecord } from '../../src/domain/record.ts';
import { PROBED } from './story.ts';

/**
 * A frame as one line of the page's list: what kind of thing, and what. `before` is where its machine was, if that is
 * known: then only what changed is said.
 */
export function lineOf(
  frame: Frame,
  before: StateValue | null,
): { readonly kind: string; readonly text: string } {
  switch (frame.type) {
    case 'row.served': {
      const { row } = frame.data;
      const [id, method] = isRecord(row) ? [row.id, row.method] : [null, null];
      return { kind: 'row', text: `${short(id)} ${typeof method === 'string' ? method : ''}` };
    }
    case 'event.appended': {
      const { event } = frame.data;
      const about = Object.values(event.data)
        .map(named)
        .filter((word) => word !== '');
      return { kind: 'event', text: `#${event.seq} ${event.type} ${about.slice(0, 3).join(' ')}` };
    }
    case 'machine.moved': {
      const { machine, event, value } = frame.data;
      const left = before === null ? [] : leavesOf(before);
      const entered = leavesOf(value).filter((leaf) => !left.includes(leaf));
      const steps = [eventInWords(event), entered.join(', ')].filter((step) => step !== '');
      return { kind: 'move', text: `${machine}: ${steps.join(' → ')}` };
    }
    case 'reply.received': {
      const { call, status, kind } = frame.data;
      if (kind === PROBED) return { kind: 'reply', text: `${call} ${status}: the server has no such route` };
      return { kind: kind === null ? 'reply' : 'failure', text: `${call} ${status} ${kind ?? ''}` };
    }
    case 'ledger.opened':
      return { kind: 'log', text: `log open at event ${frame.data.state.seq}` };
    case 'frames.dropped':
      return { kind: 'failure', text: `${frame.data.count} frames are missing here` };
  }
}

function named(value: unknown): string {
  if (typeof value === 'string') return UUID.test(value) ? short(value) : value.slice(0, 60);
  if (typeof value === 'number') return String(value);
  if (!isRecord(value)) return '';
  if (typeof value.text === 'string') return `“${value.text.slice(0, 60)}”`;
  return short(value.id);
}

function short(id: unknown): string {
  return typeof id === 'string' ? id.slice(0, 8) : '';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;
