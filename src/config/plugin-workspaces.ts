import { isRecord } from '../domain/record.ts';
import { oneProblem, type WorkspacesReading } from '../domain/workspaces/workspace-entry.ts';
import { readWorkspaceArray, readWorkspaceList } from '../domain/workspaces/workspace-list.ts';
import type { Environment } from './environment.ts';

/**
 * The workspaces in the channel plugin's variables: `MOLECULE_WORKSPACES_JSON`, or `MOLECULE_WORKSPACE_IDS` with
 * `MOLECULE_WORKSPACE_TOKENS` (and `MOLECULE_PLATFORM_URLS`), separated by commas. Null when none of them is set.
 */
export function readPluginWorkspaces(env: Environment): WorkspacesReading | null {
  const json = env[JSON_LIST]?.trim() ?? '';
  if (json !== '') return readJson(json);
  const ids = listAt(env, IDS);
  if (ids.length === 0) return null;
  const tokens = listAt(env, TOKENS);
  const urls = listAt(env, URLS);
  if (tokens.length !== ids.length) return differ(`${TOKENS} has ${tokens.length} entries`, ids.length);
  if (urls.length > 0 && urls.length !== ids.length)
    return differ(`${URLS} has ${urls.length} entries`, ids.length);
  return readWorkspaceArray(
    ids.map((id, index) => ({ id, token: tokens[index], platform_url: urls[index] })),
    IDS,
  );
}

/** The plugin takes a second spelling of each key. */
function readJson(json: string): WorkspacesReading {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    return readWorkspaceList(json, JSON_LIST);
  }
  const entries = Array.isArray(list)
    ? list.map((entry: unknown) =>
        isRecord(entry)
          ? {
              ...entry,
              id: entry.id ?? entry.workspace_id,
              token: entry.token ?? entry.workspace_token,
              platform_url: entry.platform_url ?? entry.platformUrl,
            }
          : entry,
      )
    : list;
  return readWorkspaceArray(entries, JSON_LIST);
}

function differ(what: string, count: number): WorkspacesReading {
  const example = `${IDS}=id-1,id-2 with ${TOKENS}=token-1,token-2`;
  return oneProblem({
    code: 'LISTS_DIFFER',
    message: `${what} for the ${count} in ${IDS}; for example ${example}`,
  });
}

function listAt(env: Environment, name: string): string[] {
  const items = (env[name] ?? '').split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

const JSON_LIST = 'MOLECULE_WORKSPACES_JSON';
const IDS = 'MOLECULE_WORKSPACE_IDS';
const TOKENS = 'MOLECULE_WORKSPACE_TOKENS';
const URLS = 'MOLECULE_PLATFORM_URLS';
