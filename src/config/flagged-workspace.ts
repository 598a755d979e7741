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
  const chosen = (token: Pick<WorkspaceEntry, 'token' | 'tokenFile'>, setBy: string): ChosenWorkspaces => ({
    source: 'flag',
    reading: {
      ok: true,
      workspaces: [
        {
          id: id ?? '',
          ...token,
          setBy: { id: '--workspace-id', token: setBy, platformUrl: 'PLATFORM_URL' },
        },
      ],
    },
  });
  if (id === undefined) {
    const message = `--token-file goes with --workspace-id; for example --workspace-id=6f1f0b8e-… --token-file=…`;
    return { source: 'flag', reading: oneProblem({ code: 'WORKSPACE_ID_REQUIRED', message }) };
  }
  if (tokenFile !== undefined) return chosen({ token: '', tokenFile }, '--token-file');

  const others: string[] = [];
  const entry = named.reading.ok ? named.reading.workspaces.find((other) => isSame(other.id, id)) : undefined;
  if (entry && isOnPlatform(entry, flags.layer('platformUrl')?.text))
    return { source: named.source, reading: { ok: true, workspaces: [entry] } };
  if (entry)
    others.push(`${entry.setBy.id.replace(/\.id$/, '')} names it on another platform than --platform-url`);

  const token = trimWhiteSpace(env.MOLECULE_WORKSPACE_TOKEN ?? '');
  if (token !== '' && isTokenOf(id, env)) return chosen({ token }, 'MOLECULE_WORKSPACE_TOKEN');
  if (token !== '') others.push('MOLECULE_WORKSPACE_TOKEN is that of WORKSPACE_ID');
  if (authToken !== null && isNoneNamed(named)) return chosen({ token: authToken }, '.auth_token');
  if (authToken !== null) others.push('.auth_token counts only while nothing else names a workspace');

  const why = others.length > 0 ? `: ${others.join(', ')}` : '';
  const message = `--workspace-id has no token${why}; for example --token-file=FILE with its own`;
  return { source: 'flag', reading: oneProblem({ code: 'TOKEN_REQUIRED', message }) };
}

/** Whether `MOLECULE_WORKSPACE_TOKEN` may be a workspace's: not when `WORKSPACE_ID` says whose it is, and that is another. */
export function isTokenOf(id: string, env: Environment): boolean {
  const owner = trimWhiteSpace(env.WORKSPACE_ID ?? '');
  return owner === '' || isSame(owner, id);
}

function isNoneNamed({ reading }: ChosenWorkspaces): boolean {
  return !reading.ok && reading.problems.some(({ code }) => code === 'WORKSPACE_ID_REQUIRED');
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isOnPlatform({ platformUrl }: WorkspaceEntry, given: string | undefined): boolean {
  if (platformUrl === undefined || given === undefined || given.trim() === '') return true;
  const [own, asked] = [normaliseBaseUrl(platformUrl), normaliseBaseUrl(given)];
  return own.ok && asked.ok && own.url === asked.url;
}
