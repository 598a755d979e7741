import type { UploadOutcome } from '../domain/files/upload.ts';
import type { Command } from '../domain/inbox/inbox-decide.ts';
import { type InboxState, initialState } from '../domain/inbox/inbox-state.ts';
import type { PlatformErrorKind } from '../domain/wire/platform-error.ts';

/** What the world did to one workspace, and when: everything that a replay does not compute itself. */
export interface Script {
  readonly workspaceId: string;
  /** What the ledger held at the beginning. */
  readonly initial: InboxState;
  readonly rows: readonly ScriptedRow[];
  /** What the agent did: pops, own uploads. */
  readonly acts: readonly { readonly atMs: number; readonly command: Command }[];
  /** How each try at a file ended. A file that nobody speaks of is there at once, with its announced length. */
  readonly transfers: ReadonlyMap<string, readonly ScriptedTransfer[]>;
  /** Replies that were failures, oldest first: the first such call from then on gets it. */
  readonly failures: readonly ScriptedFailure[];
  readonly beginMs: number;
  readonly endMs: number;
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
    initial: initialState(),
    rows: [],
    acts: [],
    transfers: new Map(),
    failures: [],
    beginMs: 0,
    endMs: 0,
  };
}
