/** One workspace as configured: trimmed, not yet checked by {@link refuseImpossible}. */
export interface WorkspaceEntry {
  readonly id: string;
  /** Empty only when `tokenFile` is to be read instead. */
  readonly token: string;
  readonly tokenFile?: string;
  /** Its own platform; without one, `PLATFORM_URL`. */
  readonly platformUrl?: string;
  /** Its own `X-Molecule-Org-Id` (§1.6); without one, `MOLECULE_ORG_ID`. */
  readonly orgId?: string;
  /** Where each value was set, for messages: `WORKSPACE_ID`, `MOLECULE_WORKSPACES[1].token`, … */
  readonly setBy: { readonly id: string; readonly token: string; readonly platformUrl: string };
}

/** What is wrong with a configuration, one clear line each; never holds a token. */
export interface WorkspaceProblem {
  readonly code:
    | 'INVALID_JSON'
    | 'NOT_NONEMPTY_ARRAY'
    | 'ENTRY_NOT_OBJECT'
    | 'ENTRY_MISSING_ID_OR_TOKEN'
    | 'ENTRY_DUPLICATE_ID'
    | 'ENTRY_NOT_TEXT'
    | 'LISTS_DIFFER'
    | 'WORKSPACE_ID_REQUIRED'
    | 'TOKEN_REQUIRED';
  readonly message: string;
  /** Which entry of the list, from 0; absent when the problem is not one entry's. */
  readonly index?: number;
  /** The JSON type found where an object was wanted. */
  readonly got?: string;
}

/** The configured workspaces in their order (the first is the primary), or every problem that was found. */
export type WorkspacesReading =
  | { readonly ok: true; readonly workspaces: readonly WorkspaceEntry[] }
  | { readonly ok: false; readonly problems: readonly WorkspaceProblem[] };

/** The reading that failed for one reason. */
export function oneProblem(problem: WorkspaceProblem): WorkspacesReading {
  return { ok: false, problems: [problem] };
}
