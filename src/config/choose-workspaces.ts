import type { WorkspacesReading } from '../domain/workspaces/workspace-entry.ts';
import { readWorkspaceArray } from '../domain/workspaces/workspace-list.ts';
import { readWorkspaces } from '../domain/workspaces/workspaces-env.ts';
import { CONFIG_FILE } from './config-file.ts';
import type { Environment } from './environment.ts';
import { chooseFlagged } from './flagged-workspace.ts';
import type { Flags } from './flags.ts';
import { readPluginWorkspaces } from './plugin-workspaces.ts';
import type { OriginKind } from './setting.ts';

/** The workspaces and the kind of place that named them, or what is wrong there. */
export interface ChosenWorkspaces {
  readonly source: OriginKind;
  readonly reading: WorkspacesReading;
}

/** Every place in which workspaces may be named, as read. */
export interface WorkspaceSources {
  readonly flags: Flags;
  readonly env: Environment;
  /** The text of `.auth_token`; null when there is none. */
  readonly authToken: string | null;
  /** `workspaces` of the configuration file; null when it names none. */
  readonly file: unknown;
  /** The channel plugin's `.env`; null when there is none. */
  readonly plugin: Environment | null;
}

/**
 * Takes the workspaces from the first place that names any, and from that one alone: environment, configuration file, the
 * plugin's file. So a token never goes with an id that somebody wrote elsewhere; only `.auth_token` completes a single
 * `WORKSPACE_ID` (C6-1, C6-4). `--workspace-id` takes one of them, or one that none of them names.
 */
export function chooseWorkspaces(sources: WorkspaceSources): ChosenWorkspaces {
  const { workspaceId, tokenFile } = sources.flags;
  const named = chooseNamed(sources);
  return workspaceId === undefined && tokenFile === undefined ? named : chooseFlagged(sources, named);
}

function chooseNamed({ env, authToken, file, plugin }: WorkspaceSources): ChosenWorkspaces {
  const named = isSet(env, 'MOLECULE_WORKSPACES') ? readWorkspaces(env, null) : readPluginWorkspaces(env);
  if (named) return { source: 'environment', reading: named };
  if (isSet(env, 'WORKSPACE_ID')) return { source: 'environment', reading: readWorkspaces(env, authToken) };
  if (file !== null)
    return { source: 'file', reading: readWorkspaceArray(file, `${CONFIG_FILE}: workspaces`) };
  const left = plugin && readPluginWorkspaces(plugin);
  if (left) return { source: 'plugin', reading: left };
  return { source: 'environment', reading: readWorkspaces(env, authToken) };
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}
