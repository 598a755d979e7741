import { Observable } from 'rxjs';
import type { Lease } from '../../adapters/delivery-lock/place.ts';
import type { AccessVerdict, FeedReading } from '../../machines/workspace/actors.ts';
import type { Credentials } from '../config/config.ts';
import type { AgentCard, Heartbeat, WakeUp, WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Feature } from '../domain/wire/features.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { Delivering } from './delivering.ts';
import { alone, createTurn } from './windows/turn.ts';

/** One configured workspace of this bridge: what its machine may do, and what exists of it while it is delivered. */
export interface Workspace {
  readonly id: string;
  readonly platformUrl: string;
  readonly platform: WorkspacePlatform;
  /** Null while this process does not deliver the workspace. */
  readonly delivering: () => Delivering | null;
  /** Why the log could not be opened though it is this process's turn; else null. */
  readonly trouble: () => string | null;
  /** What its server can do, as found so far (§15.14). */
  readonly features: () => ReadonlySet<Feature>;
  /** Resolves when the first try to deliver has succeeded or failed. */
  readonly opened: Promise<void>;
  /** Waits for this process's turn to deliver the workspace; resolves once it does. */
  acquire(signal: AbortSignal): Promise<void>;
  register(signal: AbortSignal): Promise<{ readonly deliveryMode: string }>;
  heartbeat(signal: AbortSignal): Promise<void>;
  readFeed(signal: AbortSignal): Promise<FeedReading>;
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
  /** What its server can do; nothing unless somebody looks. */
  readonly features?: () => ReadonlySet<Feature>;
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
  const { deliver, onDelivering, onLost = () => {} } = parts;
  const turn = deliver && createTurn({ takeTurn, deliver, onDelivering, onLost });
  let settle = () => {};
  const opened = new Promise<void>((resolve) => {
    settle = resolve;
  });

  return {
    id,
    platformUrl,
    platform,
    opened,
    delivering: () => turn?.delivering ?? null,
    trouble: () => turn?.trouble ?? null,
    features: parts.features ?? (() => new Set<Feature>()),
    async acquire(signal) {
      await turn?.take(signal).finally(settle);
      settle();
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
      if (!turn) throw new Error('this window has no inbox');
      // A disk that refused the log at first is tried again with each read.
      const { feed } = await turn.open(signal);
      return feed.read(signal);
    },
    confirmAccess: (signal) => confirmAccess(platform, credentials, signal),
    wakeUps: () => framesOf(platform),
    letGo: async () => turn?.end(),
  };
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
    platform
      .wakeUps((frame) => subscriber.next(frame), controller.signal)
      .then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
    return () => controller.abort();
  });
}
