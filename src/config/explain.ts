import { isUuid } from '../domain/ids.ts';
import { visibleLine } from '../domain/rendering/visible.ts';
import type { WorkspaceEntry } from '../domain/workspaces/workspace-entry.ts';
import type { WorkspaceConfig } from './config.ts';
import { shownSecret, shownValue } from './mask.ts';
import { keyOf, type OptionValues, optionNames, options } from './options.ts';
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
    workspaces: settings.entries.map((entry, index) => ({
      ...(settings.workspaces[index] ? asJoined(settings.workspaces[index]) : asWritten(entry, values)),
      set_by: {
        id: entry.setBy.id,
        token: entry.setBy.token,
        platform_url:
          entry.setBy.platformUrl === 'PLATFORM_URL' ? origins.platformUrl.name : entry.setBy.platformUrl,
      },
    })),
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

type Shown = Omit<ExplainedWorkspace, 'set_by'>;

function asJoined({ id, platformUrl, orgId = '', credentials }: WorkspaceConfig): Shown {
  return { id, platform_url: platformUrl, org_id: orgId, token: shownSecret(credentials.token()) };
}

/** One that is not joined, since something is wrong here or elsewhere; what is no id may be a token. */
function asWritten(entry: WorkspaceEntry, { platformUrl, orgId }: OptionValues): Shown {
  return {
    id: isUuid(entry.id) ? entry.id.toLowerCase() : 'hidden (no UUID)',
    platform_url: shownValue('platformUrl', entry.platformUrl ?? platformUrl),
    org_id: visibleLine(entry.orgId ?? orgId),
    token: entry.token === '' ? 'in its file' : shownSecret(entry.token),
  };
}
