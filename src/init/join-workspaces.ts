import { createCredentials } from '../config/credentials.ts';
import type { Settings } from '../config/settings.ts';
import { refuseImpossible } from '../domain/workspaces/refuse-impossible.ts';
import type { Gathered } from './gather.ts';
import type { Joined } from './save.ts';

/** Workspaces to join, each with where its token came from; or one line for each thing that can never work. */
export type Joining =
  | { readonly ok: true; readonly joined: readonly (Joined & { readonly tokenFrom: string })[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** One workspace as it was gathered, checked for what the platform can never accept. */
export function joinGathered({ id, platformUrl, orgId, token, tokenFile, tokenFrom }: Gathered): Joining {
  const setBy = { id: '--workspace-id', token: `the token (${tokenFrom})`, platformUrl: '--platform-url' };
  const usable = refuseImpossible([{ id, token, platformUrl, setBy }], '');
  if (!usable.ok) return usable;
  return {
    ok: true,
    joined: usable.workspaces.map((workspace) => ({
      workspace: {
        id: workspace.id,
        platformUrl: workspace.platformUrl,
        ...(orgId === '' ? {} : { orgId }),
        credentials: createCredentials(token),
      },
      tokenFile,
      tokenFrom,
    })),
  };
}

/** The workspaces that the environment or the channel plugin names (`--import`). */
export function joinNamed({ workspaces, entries, problems }: Settings): Joining {
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    joined: workspaces.map((workspace, index) => ({
      workspace,
      tokenFile: null,
      tokenFrom: entries[index]?.setBy.token ?? '',
    })),
  };
}
