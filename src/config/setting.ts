import type { OptionName } from './options.ts';

/** Which kind of place a value was set in; the first that has one wins, in this order. */
export type OriginKind = 'flag' | 'environment' | 'file' | 'plugin' | 'default';

/** Where a value was set. */
export interface Origin {
  readonly kind: OriginKind;
  /** As a person would say it: `--push-window`, `PLATFORM_URL`, `config.json: push_window`, `default`. */
  readonly name: string;
}

/** A value as somebody wrote it, and where; not yet checked. */
export interface Setting {
  readonly text: string;
  readonly origin: Origin;
}

/** One place in which options may be set; undefined for an option that is not set there. */
export type Layer = (name: OptionName) => Setting | undefined;
