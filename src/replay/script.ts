import type { UploadOutcome } from '../domain/files/upload.ts';
import type { Command } from '../domain/inbox/inbox-decide.ts';
import { type InboxState, initialState } from '../domain/inbox/inbox-state.ts';
import type { PlatformErrorKind } from '../domain/wire/platform-error.ts';
import type { RecordedRules } from '../recording/format.ts';

/** What the world did to one workspace, and when: everything that a replay does not compute itself. */
export interface Script {
  readonly workspaceId: string;
  /** What is known because it was recorded; null for bare rows, which the platform serves as it would have. */
  readonly recorded: Recorded | null;
  /** What the ledger held at the beginning. */
  readonly initial: InboxState;
  readonly rows: readonly ScriptedRow[];
  /** What the agent did and what came by no row: pops, own uploads, late answers, requests. */
  readonly acts: readonly ScriptedAct[];
  /**
   * How each try at a file ended. A file that nobody speaks of is there at once, with its announced length; in a
   * recording it was still on its way.
   */
  readonly transfers: ReadonlyMap<string, readonly ScriptedTransfer[]>;
  /** Replies that were failures, oldest first: the first such call from then on gets it. */
  readonly failures: readonly ScriptedFailure[];
  readonly beginMs: number;
  readonly endMs: number;
}

/** What only a recording knows. */
export interface Recorded {
  /** When the first registration and the feed's first look were answered; null when that was before the recording. */
  readonly registeredMs: number | null;
  readonly openedMs: number | null;
  /** The messages that reached the inbox: the replay goes on until they have. */
  readonly released: readonly string[];
  readonly rules: RecordedRules;
}

/** Something that was done. What is about a message happens no sooner than that is in the inbox. */
export interface ScriptedAct {
  readonly atMs: number;
  readonly command: Command;
}

/** A row as the platform served it: created at its transaction's begin, readable later (protocol.md §13). */
export interface ScriptedRow {
  readonly id: string;
  readonly createdMicros: number;
  readonly visibleMicros: number;
  /** The server's order of writing, on a HEAD server (§15.4). */
  readonly seq: number | null;
  readonly raw: unknown;
}

/** The end of one try at a file. */
export interface ScriptedTransfer {
  readonly atMs: number;
  readonly outcome: UploadOutcome;
}

/** A call that failed. */
export interface ScriptedFailure {
  readonly atMs: number;
  /** The method of the platform port. */
  readonly call: string;
  readonly status: number;
  readonly kind: PlatformErrorKind;
}

/** A script in which nothing happens. */
export function emptyScript(workspaceId: string): Script {
  return {
    workspaceId,
    recorded: null,
    initial: initialState(),
    rows: [],
    acts: [],
    transfers: new Map(),
    failures: [],
    beginMs: 0,
    endMs: 0,
  };
}
