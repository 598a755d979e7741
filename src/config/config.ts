import type { OptionValues } from './options.ts';

/** Everything that the bridge is told before it starts: checked, complete, without a further look at the environment. */
export interface Config {
  readonly workspaces: readonly WorkspaceConfig[];
  readonly options: OptionValues;
  /** Certificate authorities in PEM, trusted beside those that Node brings; mostly none. */
  readonly certificates: readonly string[];
}

/** One workspace to join. */
export interface WorkspaceConfig {
  /** Canonical UUID. */
  readonly id: string;
  readonly platformUrl: string;
  /** Sent as `X-Molecule-Org-Id` (§1.6): its own, else that of all; absent for none. */
  readonly orgId?: string;
  readonly credentials: Credentials;
}

/** A workspace's token, which may be rotated while the bridge runs. Never logged, never an event. */
export interface Credentials {
  /** The token to send now; empty when its file cannot be read at present. */
  token(): string;
  /** Reads the token again from where it came from, if it can change there; resolves with whether it has (W-49). */
  refresh(): Promise<boolean>;
}
