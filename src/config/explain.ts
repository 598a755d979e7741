import { shownSecret, shownValue } from './mask.ts';
import { keyOf, optionNames, options } from './options.ts';
import type { Settings } from './settings.ts';

/** A configuration as it may be shown to anybody: every value with its origin, no secret. */
export interface ExplainedConfig {
  readonly state_directory: string | null;
  readonly workspaces: readonly ExplainedWorkspace[];
  readonly settings: Readonly<Record<string, ExplainedSetting>>;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** One workspace as configured. */
export interface ExplainedWorkspace {
  readonly id: string;
  readonly platform_url: string;
  readonly org_id: string;
  /** Never the token: whether there is one. */
  readonly token: string;
  readonly set_by: { readonly id: string; readonly token: string; readonly platform_url: string };
}

/** One setting: its value, where that was set, and the variable that sets it. */
export interface ExplainedSetting {
  readonly value: string;
  readonly set_by: string;
  readonly variable: string;
}

/** Explains a configuration, also one that cannot work. */
export function explainConfig(settings: Settings): ExplainedConfig {
  const { values, origins } = settings.options;
  return {
    state_directory: settings.directory?.path ?? null,
    workspaces: settings.workspaces.flatMap(({ id, platformUrl, orgId = '', credentials }, index) => {
      const setBy = settings.entries[index]?.setBy;
      if (!setBy) return [];
      return {
        id,
        platform_url: platformUrl,
        org_id: orgId,
        token: shownSecret(credentials.token()),
        set_by: {
          id: setBy.id,
          token: setBy.token,
          platform_url: setBy.platformUrl === 'PLATFORM_URL' ? origins.platformUrl.name : setBy.platformUrl,
        },
      };
    }),
    settings: Object.fromEntries(
      optionNames.map((name) => [
        keyOf(name),
        {
          value: shownValue(name, values[name]),
          set_by: origins[name].name,
          variable: options[name].variable,
        },
      ]),
    ),
    problems: settings.problems,
    notes: settings.notes,
  };
}
