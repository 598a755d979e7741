import { normaliseBaseUrl } from '../domain/network/base-url.ts';
import { trimWhiteSpace } from '../domain/white-space.ts';
import { oneProblem, type WorkspaceEntry } from '../domain/workspaces/workspace-entry.ts';
import type { ChosenWorkspaces, WorkspaceSources } from './choose-workspaces.ts';
import type { Environment } from './environment.ts';

/**
 * The one workspace of the command line: with `--token-file`; else as it is named elsewhere; else with a token that belongs
 * to nobody else. `named` is what counts without the flag. A token never goes to another workspace than its own.
 */
export function chooseFlagged(sources: WorkspaceSources, named: ChosenWorkspaces): ChosenWorkspaces {
  const { flags, env, authToken } = sources;
  const { workspaceId: id, tokenFile } = flags;
  if (id === undefined) {
    const message =
      '--token-file goes with --workspace-id; for example --workspace-id=6f1f0b8e-… --token-file=…';
    return { source: 'flag', reading: oneProblem({ code: 'WORKSPACE_ID_REQUIRED', message }) };
  }
  if (tokenFile !== undefined) return given({ id, token: '', tokenFile }, '--token-file');

  const unfit: string[] = [];
  const entry = named.reading.ok ? named.reading.workspaces.find((other) => isSame(other.id, id)) : undefined;
  if (entry) {
    if (isOnPlatform(entry, flags.layer('platformUrl')?.text))
      return { source: named.source, reading: { ok: true, workspaces: [entry] } };
    unfit.push(`${entry.setBy.id.replace(/\.id$/, '')} names it on another platform than --platform-url`);
  }
  const token = trimWhiteSpace(env.MOLECULE_WORKSPACE_TOKEN ?? '');
  if (token !== '') {
    if (isTokenOf(id, env)) return given({ id, token }, 'MOLECULE_WORKSPACE_TOKEN');
    unfit.push('MOLECULE_WORKSPACE_TOKEN is that of WORKSPACE_ID');
  }
  if (authToken !== null) {
    if (isNoneNamed(named)) return given({ id, token: authToken }, '.auth_token');
    unfit.push('.auth_token counts only while nothing else names a workspace');
  }
  const why = unfit.length > 0 ? `: ${unfit.join(', ')}` : '';
  const message = `--workspace-id has no token${why}; for example --token-file=FILE with its own`;
  return { source: 'flag', reading: oneProblem({ code: 'TOKEN_REQUIRED', message }) };
}

/** Whether `MOLECULE_WORKSPACE_TOKEN` may be a workspace's: not when `WORKSPACE_ID` says whose it is, and that is another. */
export function isTokenOf(id: string, env: Environment): boolean {
  const owner = trimWhiteSpace(env.WORKSPACE_ID ?? '');
  return owner === '' || isSame(owner, id);
}

function given(
  workspace: Pick<WorkspaceEntry, 'id' | 'token' | 'tokenFile'>,
  tokenSetBy: string,
): ChosenWorkspaces {
  const setBy = { id: '--workspace-id', token: tokenSetBy, platformUrl: 'PLATFORM_URL' };
  return { source: 'flag', reading: { ok: true, workspaces: [{ ...workspace, setBy }] } };
}

function isNoneNamed({ reading }: ChosenWorkspaces): boolean {
  return !reading.ok && reading.problems.some(({ code }) => code === 'WORKSPACE_ID_REQUIRED');
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isOnPlatform({ platformUrl }: WorkspaceEntry, asked = ''): boolean {
  if (platformUrl === undefined || asked.trim() === '') return true;
  const [own, other] = [normaliseBaseUrl(platformUrl), normaliseBaseUrl(asked)];
  return own.ok && other.ok && own.url === other.url;
}
