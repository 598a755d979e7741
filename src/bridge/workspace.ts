import { Observable } from 'rxjs';
import type { Lease } from '../../adapters/delivery-lock/place.ts';
import type { AccessVerdict } from '../../machines/workspace/actors.ts';
import type { Credentials } from '../config/config.ts';
import { PlatformError } from '../domain/platform-error.ts';
import type { AgentCard, Heartbeat, WakeUp, WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Delivering } from './delivering.ts';

/** One configured workspace of this bridge: what its machine may do, and what exists of it while it is delivered. */
export interface Workspace {
  readonly id: string;
  readonly platformUrl: string;
  readonly platform: WorkspacePlatform;
  /** Null while this process does not deliver the workspace. */
  readonly delivering: () => Delivering | null;
  /** Whether its feed was seen to carry `seq`: a HEAD server (§15.14). */
  readonly rowsCarrySeq: () => boolean;
  /** Resolves when the first try to deliver has succeeded or failed. */
  readonly opened: Promise<void>;
  /** Waits for this process's turn to deliver the workspace; resolves once it does. */
  acquire(signal: AbortSignal): Promise<void>;
  register(signal: AbortSignal): Promise<{ readonly deliveryMode: string }>;
  heartbeat(signal: AbortSignal): Promise<void>;
  readFeed(signal: AbortSignal): Promise<{ readonly rows: number; readonly sinceMicros: number }>;
  confirmAccess(signal: AbortSignal): Promise<AccessVerdict>;
  wakeUps(): Observable<WakeUp>;
  /** Ends delivering: every transfer is cut, the ledger closed, and then the turn given to the next window. */
  letGo(): Promise<void>;
}

/** What a workspace is made of. */
export interface WorkspaceParts {
  readonly id: string;
  readonly platformUrl: string;
  readonly platform: WorkspacePlatform;
  readonly credentials: Credentials;
  readonly card: AgentCard;
  /** What the next heartbeat says. */
  readonly beat: () => Heartbeat;
  /** Resolves when no other window delivers. Default: there is no other. */
  readonly takeTurn?: (signal: AbortSignal) => Promise<Lease>;
  /** Opens the ledger and starts the streams; null for a window without an inbox, which only registers and beats. */
  readonly deliver: (() => Promise<Delivering>) | null;
  /** Hears that this process delivers the workspace from now on. */
  readonly onDelivering: (delivering: Delivering) => void;
  /** Hears that it no longer does, though nobody here has ended it. */
  readonly onLost?: () => void;
}

/** Binds a workspace's parts together. */
export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { id, platformUrl, platform, credentials, takeTurn = alone } = parts;
  let held: { readonly delivering: Delivering; readonly lease: Lease } | null = null;
  let ending = Promise.resolve();
  let settle = () => {};
  const opened = new Promise<void>((resolve) => {
    settle = resolve;
  });

  /** Nothing is written once the lease is released: the next one opens the log. */
  function end(): Promise<void> {
    const ended = held;
    held = null;
    if (ended) {
      const { delivering, lease } = ended;
      // What a failing close leaves behind, the next start finds and mends.
      ending = delivering
        .close()
        .catch(() => {})
        .then(() => lease.release());
    }
    return ending;
  }

  /** Ends when another window claims the turn, or when the log can no longer be read at all. */
  function watch(current: NonNullable<typeof held>): void {
    const lose = () => {
      if (held !== current) return;
      void end();
      parts.onLost?.();
    };
    current.lease.lost.then(lose);
    current.delivering.ledger.events$.subscribe({ complete: lose });
  }

  async function open(deliver: () => Promise<Delivering>, lease: Lease, signal: AbortSignal): Promise<void> {
    const delivering = await deliver();
    if (signal.aborted) {
      await delivering.close();
      signal.throwIfAborted();
    }
    held = { delivering, lease };
    watch(held);
    parts.onDelivering(delivering);
  }

  return {
    id,
    platformUrl,
    platform,
    opened,
    delivering: () => held?.delivering ?? null,
    rowsCarrySeq: () => held?.delivering.feed.rowsCarrySeq() ?? false,
    async acquire(signal) {
      if (held) return;
      try {
        await ending;
        if (!parts.deliver) return;
        const lease = await takeTurn(signal);
        await open(parts.deliver, lease, signal).catch(async (error: unknown) => {
          await lease.release();
          throw error;
        });
      } finally {
        settle();
      }
    },
    async register(signal) {
      // An `auth_token` in the reply is not looked at: on a removed workspace it could never work (§3.1).
      const { deliveryMode } = await platform.register(parts.card, signal);
      return { deliveryMode };
    },
    async heartbeat(signal) {
      await platform.heartbeat(parts.beat(), signal);
    },
    async readFeed(signal) {
      if (!held) throw new Error('this process does not deliver the workspace');
      return held.delivering.feed.read(signal);
    },
    confirmAccess: (signal) => confirmAccess(platform, credentials, signal),
    wakeUps: () => framesOf(platform),
    letGo: end,
  };
}

/** The turn of a process that has no rivals. */
async function alone(): Promise<Lease> {
  return { lost: new Promise(() => {}), release: async () => {} };
}

/** What a refused credential means: the token is read again and tried on the feed, then the workspace is asked about (§13, rule 5). */
async function confirmAccess(
  platform: WorkspacePlatform,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<AccessVerdict> {
  await credentials.refresh();
  try {
    await platform.readActivity({ limit: 1 }, signal);
    return { verdict: 'accepted' };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.kind !== 'unauthorised') throw error;
    try {
      await platform.describe(signal);
    } catch (gone) {
      if (!(gone instanceof PlatformError) || gone.kind !== 'removed') throw gone;
      return { verdict: 'removed', removedAt: removedAt(gone.body) };
    }
    return { verdict: 'refused', status: error.status };
  }
}

function removedAt(body: unknown): string | null {
  const at = typeof body === 'object' && body !== null && 'removed_at' in body ? body.removed_at : null;
  return typeof at === 'string' ? at : null;
}

/** The frames of one connection to the wake-up stream; unsubscribing closes it. */
function framesOf(platform: WorkspacePlatform): Observable<WakeUp> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    (async () => {
      for await (const frame of platform.wakeUps(controller.signal)) subscriber.next(frame);
      subscriber.complete();
    })().catch((error: unknown) => subscriber.error(error));
    return () => controller.abort();
  });
}
