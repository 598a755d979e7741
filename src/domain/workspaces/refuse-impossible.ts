import { isUuid } from '../ids.ts';
import { normaliseBaseUrl } from '../network/base-url.ts';
import type { WorkspaceEntry } from './workspace-entry.ts';

/** A workspace whose settings the platform can accept: id in lower case, URL in its one spelling. */
export interface UsableWorkspace {
  /** Canonical: the platform knows workspaces and their files by this spelling only (§7.4). */
  readonly id: string;
  /** Empty only when `tokenFile` is to be read instead. */
  readonly token: string;
  readonly tokenFile?: string;
  readonly platformUrl: string;
  /** Its own `X-Molecule-Org-Id`, if it has one. */
  readonly orgId?: string;
}

/** Every workspace, or one line for each thing that the platform can never accept. */
export type UsableReading =
  | { readonly ok: true; readonly workspaces: readonly UsableWorkspace[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Refuses what was read well but can never work (W-34, W-48, W-54): ids that are not UUIDs, tokens that fit in no header,
 * URLs that are no plain http(s) base. `platformUrl` is `PLATFORM_URL`, for the entries that have none of their own. A problem
 * names the setting and never quotes its value: an id and a token are easily swapped.
 */
export function refuseImpossible(entries: readonly WorkspaceEntry[], platformUrl: string): UsableReading {
  const workspaces: UsableWorkspace[] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    const id = entry.id.toLowerCase();
    const raw = entry.platformUrl ?? platformUrl;
    const base = normaliseBaseUrl(raw);
    const isTwin = workspaces.some((workspace) => workspace.id === id);
    const tokenFlaw = flawOfToken(entry.token);
    if (!isUuid(id)) problems.push(`${entry.setBy.id} is not a UUID; ${ID_EXAMPLE}`);
    if (isTwin)
      problems.push(`${entry.setBy.id} names the same workspace as an earlier entry; ${ID_EXAMPLE}`);
    if (tokenFlaw !== null) problems.push(`${entry.setBy.token} ${tokenFlaw}; ${TOKEN_EXAMPLE}`);
    if (!/^[\x21-\x7e]*$/.test(entry.orgId ?? '')) {
      const where = `the org_id beside ${entry.setBy.id}`;
      problems.push(`${where} must be printable ASCII without spaces; for example org-1`);
    }
    if (!base.ok)
      problems.push(`${entry.setBy.platformUrl} ${raw === '' ? 'is not set' : base.reason}; ${URL_EXAMPLE}`);
    workspaces.push({
      id,
      token: entry.token,
      ...(entry.tokenFile === undefined ? {} : { tokenFile: entry.tokenFile }),
      platformUrl: base.ok ? base.url : '',
      ...(entry.orgId === undefined ? {} : { orgId: entry.orgId }),
    });
  }
  // Entries that share PLATFORM_URL share its problem.
  return problems.length > 0 ? { ok: false, problems: [...new Set(problems)] } : { ok: true, workspaces };
}

/** Why a token cannot be sent in a header, as a clause; null when it can. Also for the text of a token file. */
export function flawOfToken(token: string): string | null {
  if (/\s/u.test(token)) return 'contains white space';
  return /^[\x21-\x7e]*$/.test(token) ? null : 'contains a character outside printable ASCII';
}

/** What a token is, as the end of a sentence that has refused one. */
export const TOKEN_EXAMPLE =
  'expected the one word that the canvas shows (workspace, Tokens), for example q7Zk…';
const ID_EXAMPLE = 'expected for example 6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
const URL_EXAMPLE = 'expected for example https://platform.example';
