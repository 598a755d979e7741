import { trimWhiteSpace } from '../white-space.ts';
import { oneProblem, type WorkspacesReading } from './workspace-entry.ts';
import { readWorkspaceList } from './workspace-list.ts';

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the workspaces out of the environment (C6-1…C6-4): `MOLECULE_WORKSPACES` wins outright; without it `WORKSPACE_ID`
 * with `MOLECULE_WORKSPACE_TOKEN`, else the token file's text (null: there is no such file). Blank counts as not set.
 */
export function readWorkspaces(env: Environment, tokenFileText: string | null): WorkspacesReading {
  const list = trimWhiteSpace(env.MOLECULE_WORKSPACES ?? '');
  if (list !== '') return readWorkspaceList(list, 'MOLECULE_WORKSPACES');
  const id = trimWhiteSpace(env.WORKSPACE_ID ?? '');
  if (id === '') {
    const message = `WORKSPACE_ID is not set; for example WORKSPACE_ID=${ID_EXAMPLE}, or run molecule-inbox init`;
    return oneProblem({ code: 'WORKSPACE_ID_REQUIRED', message });
  }
  const own = trimWhiteSpace(env.MOLECULE_WORKSPACE_TOKEN ?? '');
  const token = own || trimWhiteSpace(tokenFileText ?? '');
  if (token === '') {
    const message =
      'MOLECULE_WORKSPACE_TOKEN is not set and there is no .auth_token file with a token; for example MOLECULE_WORKSPACE_TOKEN=… with the token that the canvas shows';
    return oneProblem({ code: 'TOKEN_REQUIRED', message });
  }
  const setBy = {
    id: 'WORKSPACE_ID',
    token: own ? 'MOLECULE_WORKSPACE_TOKEN' : '.auth_token',
    platformUrl: 'PLATFORM_URL',
  };
  return { ok: true, workspaces: [{ id, token, setBy }] };
}

const ID_EXAMPLE = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
