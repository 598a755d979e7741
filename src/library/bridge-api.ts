import type { InboxMessage } from '../domain/message.ts';
import type { Peek, PeekRequest } from '../domain/ports/agent.ts';
import type { Logger } from '../domain/ports/runtime.ts';

/** What a bridge joins, and how; every option has the program's default. */
export interface BridgeConfig {
  readonly workspaces: readonly WorkspaceToJoin[];
  /** Settings by the names of the program's environment variables, as text: `{ CONFIGS_DIR: '…', MOLECULE_PUSH_WINDOW: '10' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where lines for a person go; stderr by default. */
  readonly logger?: Logger;
}

/** A source of values as RxJS and the observable proposal know it; `from(…)` of RxJS takes it. */
export interface Subscribable<Value> {
  subscribe(next: (value: Value) => void): { unsubscribe(): void };
}

/** The workspaces' messages, once, in order, with their files, for as long as the process runs. */
export interface Bridge {
  /** Every message that waits, then every one that comes, once it is durable. A subscriber that throws harms nobody. */
  readonly messages$: Subscribable<InboxMessage>;
  /** What waits, oldest first; 10 messages unless asked for more. */
  peek(request?: Partial<PeekRequest>): Peek;
  /** Forgets a message for good; false when none of that id waits. Resolves once that is durable. */
  pop(activityId: string): Promise<boolean>;
  /** Begins to register, beat and follow; resolves when the inbox of earlier runs is open. Aborting the signal stops it. */
  start(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends everything; what was not popped waits for the next start. */
  stop(): Promise<void>;
}

/** One workspace to join. */
export interface WorkspaceToJoin {
  readonly id: string;
  readonly token: string;
  readonly platformUrl: string;
}
