import { Observable } from 'rxjs';
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
  /** Makes this process deliver the workspace; resolves once it does. */
  acquire(signal: AbortSignal): Promise<void>;
  register(signal: AbortSignal): Promise<{ readonly deliveryMode: string }>;
  heartbeat(signal: AbortSignal): Promise<void>;
  readFeed(signal: AbortSignal): Promise<{ readonly rows: number; readonly sinceMicros: number }>;
  confirmAccess(signal: AbortSignal): Promise<AccessVerdict>;
  wakeUps(): Observable<WakeUp>;
  /** Ends delivering: every transfer is cut, the ledger closed. */
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
  /** Opens the ledger and starts the streams. */
  readonly deliver: () => Promise<Delivering>;
  /** Hears that this process delivers the workspace from now on. */
  readonly onDelivering: (delivering: Delivering) => void;
}

/** Binds a workspace's parts together. */
export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { id, platformUrl, platform, credentials } = parts;
  let delivering: Delivering | null = null;
  let settle = () => {};
  const opened = new Promise<void>((resolve) => {
    settle = resolve;
  });

  return {
    id,
    platformUrl,
    platform,
    opened,
    delivering: () => delivering,
    rowsCarrySeq: () => delivering?.feed.rowsCarrySeq() ?? false,
    async acquire(signal) {
      if (delivering) return;
      const started = await parts.deliver().finally(settle);
      if (signal.aborted) return started.close();
      delivering = started;
      parts.onDelivering(started);
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
      if (!delivering) throw new Error('this process does not deliver the workspace');
      return delivering.feed.read(signal);
    },
    confirmAccess: (signal) => confirmAccess(platform, credentials, signal),
    wakeUps: () => framesOf(platform),
    async letGo() {
      const ending = delivering;
      delivering = null;
      await ending?.close();
    },
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
    (async () => {
      for await (const frame of platform.wakeUps(controller.signal)) subscriber.next(frame);
      subscriber.complete();
    })().catch((error: unknown) => subscriber.error(error));
    return () => controller.abort();
  });
}
