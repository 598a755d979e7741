import type { StoredEvent } from '../domain/events.ts';
import { visibleLine } from '../domain/rendering/visible.ts';

/** Prints what happens as it happens: one line each, with the seconds since the start. */
export interface Timeline {
  say(who: Speaker, text: string): void;
  /** Tells one event of the bridge's log; those that say nothing to a person are left out. */
  tell(event: StoredEvent): void;
}

/** Whose doing a line is. */
export type Speaker = 'user' | 'peer' | 'bridge' | 'agent' | 'demo';

/** A timeline on a terminal; colours only where there is one. */
export function createTimeline(write: (text: string) => void, colours: boolean): Timeline {
  const startedAt = performance.now();
  const say = (who: Speaker, text: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(3).padStart(7);
    const name = who.padEnd(6);
    write(`${seconds}  ${colours ? `\x1b[${COLOUR[who]}m${name}\x1b[0m` : name}  ${visibleLine(text)}\n`);
  };
  return {
    say,
    tell(event) {
      const line = inWords(event);
      if (line !== null) say('bridge', line);
    },
  };
}

const COLOUR: Readonly<Record<Speaker, number>> = { user: 36, peer: 35, bridge: 90, agent: 32, demo: 33 };

function inWords(event: StoredEvent): string | null {
  switch (event.type) {
    case 'workspace.registered':
      return `registered (${event.data.deliveryMode} mode)`;
    case 'upload.announced':
      return `classified  ${short(event.data.row?.id)} as an upload: ${event.data.name}; fetching`;
    case 'upload.staged':
      return `fetched     ${event.data.path.split(/[\\/]/).at(-1)} (${event.data.bytes} bytes, durable)`;
    case 'upload.acknowledged':
      return 'acknowledged to the platform, which may now forget its copy';
    case 'upload.failed':
      return `fetch failed (try ${event.data.attempts}): ${event.data.reason}`;
    case 'upload.expired':
    case 'upload.tooLarge':
      return `gave up a file: ${event.data.reason}`;
    case 'row.skipped':
      return `classified  ${short(event.data.row.id)} as ${event.data.reason.replaceAll('_', ' ')}; skipped`;
    case 'message.received': {
      const { message, files } = event.data;
      const waits =
        files.length === 0 ? 'no files to wait for' : `held at the barrier for ${files.length} file(s)`;
      return `classified  ${short(message.activity_id)} as chat from ${message.peer_id ? 'a peer' : 'the user'}; ${waits}`;
    }
    case 'message.released':
      return `released    ${short(event.data.activityId)} to the inbox, durable`;
    case 'message.offered':
      return `offered     ${event.data.activityIds.map(short).join(', ')} to the agent`;
    case 'message.popped':
      return `popped      ${short(event.data.activityId)} (by ${event.data.by})`;
    default:
      return null;
  }
}

const short = (id: string | undefined) => id?.slice(0, 8) ?? '(no row)';
