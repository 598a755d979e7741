import type { OptionValues } from './options.ts';

/** Everything that the bridge is told before it starts: checked, complete, without a further look at the environment. */
export interface Config {
  readonly workspaces: readonly WorkspaceConfig[];
  readonly options: OptionValues;
}

/** One workspace to join. */
export interface WorkspaceConfig {
  /** Canonical UUID. */
  readonly id: string;
  readonly platformUrl: string;
  readonly credentials: Credentials;
}

/** A workspace's token, which may be rotated while the bridge runs. Never logged, never an event. */
export interface Credentials {
  /** The token to send now; empty when its file cannot be read at present. */
  token(): string;
  /** Reads the token's file again, if it has one; resolves with whether the token has changed (W-49). */
  refresh(): Promise<boolean>;
}
