import { createAgents } from '../../adapters/platform/agents.ts';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { networkOf } from '../config/network.ts';
import type { ConfigSources } from '../config/places.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { locateTokenFile } from '../config/token-file.ts';
import { exitCodeOf } from '../doctor/exit-code.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Asker } from './ask.ts';
import { checkWorkspace } from './check-workspace.ts';
import { gather } from './gather.ts';
import { type Joining, joinGathered, joinNamed } from './join-workspaces.ts';
import { givesSettings, save } from './save.ts';

/** How a workspace comes into the configuration file. */
export interface ConfigureParts {
  readonly sources: ConfigSources;
  /** Takes what the environment or the channel plugin names, instead of one workspace. */
  readonly imports: boolean;
  /** Whether the platform is asked first. */
  readonly checks: boolean;
  readonly readToken: (() => Promise<string>) | null;
  readonly asker: Asker | null;
  readonly tell: (line: string) => void;
  readonly logger: Logger;
}

/** Whether hosts may be told now, and whose state directory they need; else the exit code. */
export type Configured =
  | { readonly ok: true; readonly directory: StateDirectory; readonly configsDir: string | null }
  | { readonly ok: false; readonly exitCode: number };

/**
 * Puts workspaces into the configuration file once the platform has accepted their tokens. With a file that names some
 * already and nothing new given, only the hosts are to be told. What is wrong is told line by line, and nothing is written.
 */
export async function configure(parts: ConfigureParts): Promise<Configured> {
  const { tell, logger } = parts;
  const settings = await readSettings(parts.sources);
  const { directory, options, places } = settings;
  const refuse = (problems: readonly string[]) => {
    for (const problem of problems) logger.error(problem);
    return { ok: false, exitCode: 2 } as const;
  };
  if (!directory || places.problems.length > 0 || options.problems.length > 0)
    return refuse([...places.problems, ...options.problems]);
  const isElsewhere = ['flag', 'environment'].includes(options.origins.configsDir.kind);
  const configured = { ok: true, directory, configsDir: isElsewhere ? directory.path : null } as const;

  const isGiven = parts.readToken !== null || places.flags.workspaceId !== undefined;
  if (places.file?.workspaces != null && !parts.imports && !isGiven) {
    tell(`${directory.path} is configured already; to add a workspace: init --workspace-id=…`);
    if (givesSettings(places.flags)) tell(written(await save(directory, [], places.flags, options.values)));
    return configured;
  }
  const joining = parts.imports ? joinNamed(settings) : await joinOne(settings, parts);
  if (!joining.ok) return refuse(joining.problems);
  if (parts.checks) {
    const exitCode = await check(joining, settings, parts);
    if (exitCode !== 0) return { ok: false, exitCode };
  }
  const path = await save(directory, joining.joined, places.flags, options.values);
  tell(written(path));
  const named = NAMING.find((name) => (places.env[name] ?? '').trim() !== '');
  if (named !== undefined)
    tell(`This shell sets ${named}, which beats that file in whatever is started from it.`);
  return configured;
}

function written(path: string): string {
  return `Written to ${path}, readable by you alone.`;
}

async function joinOne(
  { directory, options, places }: Settings,
  { sources, readToken, asker }: ConfigureParts,
): Promise<Joining> {
  const { tokenFile } = places.flags;
  const located = { home: sources.home ?? '', stateFolder: directory?.path ?? '' };
  try {
    const gathered = await gather({
      places,
      options,
      tokenFile: tokenFile === undefined ? null : locateTokenFile(tokenFile, located),
      readToken,
      asker,
    });
    return joinGathered(gathered);
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Asks the platform about each; 0 when it would take them all. */
async function check(
  { joined }: Extract<Joining, { ok: true }>,
  { options, certificates }: Settings,
  { tell, logger }: ConfigureParts,
): Promise<number> {
  const agents = createAgents({}, networkOf({ options: options.values, certificates }));
  try {
    for (const { workspace, tokenFrom } of joined) {
      const finding = await checkWorkspace(workspace, tokenFrom, { agents, logger });
      if (finding.status === 'failed') {
        logger.error(`${workspace.id}: ${finding.says}`);
        logger.error(`${finding.advice} Nothing was written; --no-check writes it all the same.`);
        return exitCodeOf([finding]);
      }
      tell(`${workspace.id}: ${finding.says}`);
    }
    return 0;
  } finally {
    agents.close();
  }
}

/** Variables that name workspaces, before the file does. */
const NAMING = ['MOLECULE_WORKSPACES', 'MOLECULE_WORKSPACES_JSON', 'MOLECULE_WORKSPACE_IDS', 'WORKSPACE_ID'];
