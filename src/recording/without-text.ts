import { randomBytes } from 'node:crypto';
import type { Frame } from '../domain/inbox/frame.ts';
import { eventShapes } from './redaction/event-shapes.ts';
import { inboxShapes } from './redaction/inbox-shapes.ts';
import { createLeaves } from './redaction/leaves.ts';
import { rowShape } from './redaction/row-shape.ts';
import { stateShape } from './redaction/state-shape.ts';

/**
 * Makes frames into the same frames without what anybody wrote. Only what stands where ids, times, numbers and words of
 * the protocol stand is told: message text becomes as many `x`, names, paths and addresses become digests of their length,
 * under a key of this one recording, and fields that nobody foresaw are left out. So what was equal stays equal, and a
 * replay comes to the same inbox.
 */
export function createTextRemover(key: Buffer = randomBytes(32)): (frame: Frame) => Frame {
  const leaves = createLeaves(key);
  const inbox = inboxShapes(leaves);
  const [row, events, state] = [rowShape(leaves), eventShapes(leaves, inbox), stateShape(leaves, inbox)];

  return ({ type, at, workspaceId, data }) => {
    const told = (shown: object) => ({ type, at, workspaceId, data: shown }) as Frame;
    switch (type) {
      case 'row.served':
        return told({ row: row(data.row) });
      case 'event.appended': {
        const { v, seq, at: appendedAt, type: happened } = data.event;
        const shown = { v, seq, at: appendedAt, type: happened, data: events[happened](data.event.data) };
        return told({ event: shown });
      }
      case 'ledger.opened':
        return told({ state: state(data.state) });
      // Names of the program's own.
      case 'machine.moved':
        return told({ machine: data.machine, event: data.event, value: data.value });
      case 'reply.received':
        return told({ call: data.call, status: data.status, kind: data.kind });
      case 'frames.dropped':
        return told({ count: data.count });
    }
  };
}
