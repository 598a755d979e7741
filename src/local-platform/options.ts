import type { Profile } from './profile.ts';

/** How to start a local platform. Everything has a default. */
export interface LocalPlatformOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** The operator's credential; a random one by default. */
  readonly adminToken?: string;
  /** Generation of the server; `may` by default. */
  readonly profile?: Profile;
  /** Requests a minute and client; 600 by default (§1.5). */
  readonly rateLimit?: number;
  /** Origins let through besides the server's own (§1.4). */
  readonly origins?: readonly string[];
  /** When given, every request must carry it as `X-Molecule-Org-Id` (§1.6). */
  readonly orgId?: string;
  /** Largest uploaded file, in bytes. In May's profile raising it makes `GET /uploads/limits` answer. */
  readonly maxFileBytes?: number;
  /** Largest upload request, in bytes. */
  readonly maxRequestBytes?: number;
  /** Whether delegation results also come as inbox rows (§8.4); off by default. */
  readonly delegationResultsToInbox?: boolean;
  /** Whether HEAD keeps delegations in a ledger (§15.12); off by default. */
  readonly delegationLedger?: boolean;
  /** Told of crashes inside a handler, one line each. Silent by default. */
  readonly log?: (line: string) => void;
}
