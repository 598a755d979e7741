import { NEVER } from 'rxjs';
import type { AccessVerdict } from '../../machines/workspace/actors.ts';
import type { Workspace } from '../bridge/workspace.ts';
import type { StoredEvent } from '../domain/events.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { createRecordedPlatform } from './recorded-platform.ts';
import { emptyScript } from './script.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a workspace's machine would find out if it asked, as far as the log has told. */
export interface LoggedLife {
  readonly workspace: Workspace;
  /** Takes an event in; the result is what the machine is to be nudged with, if with anything. */
  tell(event: StoredEvent): Nudge | null;
}

/** What makes the machine ask again. */
export type Nudge = 'feed.wake' | 'clock.jumped';

/** A life that is told event by event; its platform is never asked. */
export function createLoggedLife(workspaceId: string, initial: InboxState, time: VirtualTime): LoggedLife {
  let registeredAs = initial.registeredAs;
  let verdict: AccessVerdict = { verdict: 'accepted' };
  let cursorGone = false;
  let recovering = false;
  let rows = 0;
  const waiting = new Set<() => void>();

  /** Resolves once `condition` holds: asked again after every event. */
  async function when(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve, reject) => {
        waiting.add(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
  }

  function refuse(): void {
    if (verdict.verdict === 'accepted') return;
    throw new PlatformError('unauthorised', 'the platform refused the token', { status: 401 });
  }

  const workspace: Workspace = {
    id: workspaceId,
    platformUrl: '',
    platform: createRecordedPlatform(emptyScript(workspaceId), time),
    delivering: () => null,
    trouble: () => null,
    features: () => new Set(),
    opened: Promise.resolve(),
    acquire: async () => {},
    async register(signal) {
      refuse();
      await when(() => registeredAs !== null || verdict.verdict !== 'accepted', signal);
      refuse();
      return { deliveryMode: registeredAs ?? '' };
    },
    heartbeat: async () => refuse(),
    async readFeed(signal) {
      refuse();
      if (cursorGone) {
        cursorGone = false;
        recovering = true;
        throw new PlatformError('cursor-gone', 'the cursor was pruned', { status: 410 });
      }
      await when(() => !recovering, signal);
      const read = rows;
      rows = 0;
      return { rows: read, sinceMicros: 0 };
    },
    confirmAccess: async () => verdict,
    wakeUps: () => NEVER,
    letGo: async () => {},
  };

  return {
    workspace,
    tell(event) {
      const nudge = take(event);
      const woken = [...waiting];
      waiting.clear();
      for (const wake of woken) wake();
      return nudge;
    },
  };

  function take(event: StoredEvent): Nudge | null {
    switch (event.type) {
      case 'workspace.registered':
        registeredAs = event.data.deliveryMode;
        return null;
      case 'token.refused':
        verdict = { verdict: 'refused', status: event.data.status };
        return 'clock.jumped';
      case 'workspace.removed':
        verdict = { verdict: 'removed', removedAt: event.data.removedAt };
        return 'clock.jumped';
      case 'token.accepted':
        verdict = { verdict: 'accepted' };
        return 'clock.jumped';
      case 'feed.cursorExpired':
        cursorGone = true;
        return 'feed.wake';
      case 'feed.recovered':
        recovering = false;
        return null;
      case 'message.received':
      case 'upload.announced':
      case 'row.skipped':
      case 'row.unreadable':
        // Whoever reads the feed is registered, or was told not to.
        registeredAs ??= '';
        rows += 1;
        return 'feed.wake';
      case 'feed.opened':
      case 'cursor.advanced':
        registeredAs ??= '';
        return 'feed.wake';
      default:
        return null;
    }
  }
}
