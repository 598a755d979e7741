import { refuseImpossible } from '../domain/workspaces/refuse-impossible.ts';
import type { WorkspaceEntry } from '../domain/workspaces/workspace-entry.ts';
import type { WorkspaceConfig } from './config.ts';
import { obtainToken } from './obtain-token.ts';
import type { OptionValues } from './options.ts';
import type { Places } from './places.ts';
import type { OriginKind } from './setting.ts';
import { locateTokenFile } from './token-file.ts';

/** What decides whether workspaces can be joined, beside what was written of them. */
export interface AdmissionParts {
  /** What stands for entries that do not say it themselves. */
  readonly options: Pick<OptionValues, 'platformUrl' | 'orgId'>;
  readonly source: OriginKind;
  readonly places: Pick<Places, 'directory' | 'authTokenFile'>;
  readonly home: string;
}

/** The workspaces that the platform can accept, with their tokens, or what is wrong with each. */
export async function admitWorkspaces(
  entries: readonly WorkspaceEntry[],
  { options, source, places, home }: AdmissionParts,
): Promise<{ readonly workspaces: readonly WorkspaceConfig[]; readonly problems: readonly string[] }> {
  const { directory, authTokenFile } = places;
  const usable = refuseImpossible(entries, options.platformUrl);
  if (!usable.ok) return { workspaces: [], problems: usable.problems };
  const workspaces: WorkspaceConfig[] = [];
  const problems: string[] = [];
  if (!directory) return { workspaces, problems };
  const locate = (path: string) => locateTokenFile(path, { home, stateFolder: directory.path });
  for (const [index, entry] of entries.entries()) {
    const {
      id,
      platformUrl,
      orgId = options.orgId,
    } = usable.workspaces[index] ?? { id: '', platformUrl: '' };
    const obtained = await obtainToken(entry, { source, directory, authTokenFile, locate });
    if (!obtained.ok) problems.push(obtained.problem);
    else
      workspaces.push({
        id,
        platformUrl,
        ...(orgId === '' ? {} : { orgId }),
        credentials: obtained.credentials,
      });
  }
  return { workspaces, problems };
}
