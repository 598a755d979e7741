import type { Frame } from '../../src/domain/inbox/frame.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateToJson } from '../../src/domain/inbox/state-json.ts';
import { createSpectators, type Spectator } from '../../src/recording/spectators.ts';

/** The id of the workspace that a {@link watchedBridge} has. */
export const WATCHED = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';

/** Stands for a bridge that is watched: real spectators, told by the test what happens. */
export function watchedBridge() {
  const spectators = createSpectators(() => Date.UTC(2026, 4, 5));
  let watching = 0;
  const watch = (spectator: Spectator) => {
    watching += 1;
    const unwatch = spectators.watch(spectator, (see) => {
      see('ledger.opened', WATCHED, () => ({ state: stateToJson(initialState()) }));
      see('machine.moved', WATCHED, () => ({
        machine: 'workspace',
        event: '',
        value: { standingBy: 'acquiring' },
      }));
      return () => {};
    });
    return () => {
      watching -= 1;
      unwatch();
    };
  };
  const says = (text: string, seq = 1) =>
    spectators.see('event.appended', WATCHED, () => ({ event: messageSaying(text, seq) }));
  return { ...spectators, watch, says, watching: () => watching };
}

type Event = Extract<Frame, { type: 'event.appended' }>['data']['event'];

function messageSaying(text: string, seq: number): Event {
  const id = `cccccccc-0000-4000-8000-${String(seq).padStart(12, '0')}`;
  return {
    v: 1,
    seq,
    at: '2026-05-05T00:00:00.000Z',
    type: 'message.received',
    data: {
      message: {
        activity_id: id,
        text,
        peer_id: '',
        kind: 'canvas_user',
        method: 'message/send',
        created_at: '2026-05-05T00:00:00Z',
      },
      row: { id, atMicros: 0 },
      conversation: 'canvas',
      files: [],
    },
  };
}
