import type { PlatformAgents } from '../../adapters/platform/agents.ts';
import type { Settings } from '../config/settings.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { HostPlaces } from '../init/hosts/host.ts';

/** What an examination needs. */
export interface ExaminationParts {
  readonly settings: Settings;
  /** What the disk said while the configuration was read. */
  readonly diskWarnings: readonly string[];
  readonly agents: PlatformAgents;
  readonly runTimeFolder: string;
  readonly places: HostPlaces;
  /** This program's own script, as hosts start it. */
  readonly script: string;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** The longest that one question to the platform may take, milliseconds. */
  readonly timeoutMs: number;
}

/** What is said of a check that was not tried. */
export const BLOCKED = 'not tried: something before it failed';
