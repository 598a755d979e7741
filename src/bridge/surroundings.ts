import type { DeliveryLock } from '../../adapters/delivery-lock/delivery-lock.ts';
import type { PlatformAgents } from '../../adapters/platform/agents.ts';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import type { Slots } from '../../streams/slots.ts';
import type { OptionValues } from '../config/options.ts';
import type { Disk } from '../domain/ports/disk.ts';
import type { HostPresence } from '../domain/ports/platform.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { OwnUploads } from '../outbox/own-uploads.ts';
import type { TaskBoard } from '../outbox/task-board.ts';
import type { Spectators } from '../recording/spectators.ts';
import type { Pace } from './pacing/pace.ts';
import type { RequestBudget } from './pacing/request-budget.ts';
import type { InboxLimits } from './room.ts';

/** What all workspaces of a bridge share. */
export interface Surroundings {
  readonly options: OptionValues;
  readonly directory: StateDirectory;
  readonly disk: Disk;
  /** Says which of the user's windows delivers. */
  readonly lock: DeliveryLock;
  /** The process's sockets. */
  readonly agents: PlatformAgents;
  /** Places for transfers, over all workspaces. */
  readonly sharedSlots: Slots;
  /** The requests that all workspaces behind one address share (§1.5). */
  readonly budgetOf: (platformUrl: string) => RequestBudget;
  readonly ownUploads: OwnUploads;
  readonly tasks: TaskBoard;
  /** Recordings and inspectors. */
  readonly spectators: Spectators;
  /** How much of each workspace may wait. */
  readonly limits: InboxLimits;
  /** Workspaces configured. */
  readonly crowd: number;
  /** Whether the host has stopped reading what it is told. */
  readonly hostStalled: () => boolean;
  /** Whether a host is there, and since when it is ready. */
  readonly hostPresence: () => HostPresence;
  readonly logger: Logger;
  readonly clock: Clock;
  /** What the streams of a workspace are timed by. */
  readonly pace: Pace;
  /** When the bridge began, by the clock: heartbeats tell how long it has been up. */
  readonly startedAtMs: number;
}
