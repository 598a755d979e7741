import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { TOKEN_EXAMPLE } from '../domain/workspaces/refuse-impossible.ts';
import type { WorkspaceEntry, WorkspaceProblem } from '../domain/workspaces/workspace-entry.ts';
import { admitWorkspaces } from './admit-workspaces.ts';
import { chooseWorkspaces } from './choose-workspaces.ts';
import type { WorkspaceConfig } from './config.ts';
import { environmentLayer } from './environment.ts';
import { type ConfigSources, type Places, readPlaces } from './places.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';
import type { OriginKind } from './setting.ts';
import { readTrusted } from './trusted-certificates.ts';

/** Everything that was read, right or wrong: what `config` shows, `doctor` judges and `serve` starts with. */
export interface Settings {
  readonly options: ResolvedOptions;
  /** What each place says. */
  readonly places: Places;
  /** Null when it could not be resolved; then no file was read. */
  readonly directory: StateDirectory | null;
  /** The kind of place that named the workspaces. */
  readonly source: OriginKind;
  /** The workspaces as written, with where each value was set; none when the list was refused. */
  readonly entries: readonly WorkspaceEntry[];
  /** The workspaces to join, position by position; none while there is a problem. */
  readonly workspaces: readonly WorkspaceConfig[];
  /** Certificate authorities in PEM, trusted beside those that Node brings. */
  readonly certificates: readonly string[];
  /** One line for each thing that is wrong; no line holds a token. */
  readonly problems: readonly string[];
  /** What is odd and does not hinder. */
  readonly notes: readonly string[];
}

/** Reads flags, environment, files and defaults, and tells every problem at once. Never rejects. */
export async function readSettings(sources: ConfigSources): Promise<Settings> {
  const places = await readPlaces(sources);
  const { flags, env, directory, file, plugin, authToken } = places;
  const { source, reading } = chooseWorkspaces({
    flags,
    env,
    authToken: authToken?.ok ? authToken.token : null,
    file: file?.workspaces ?? null,
    plugin: plugin?.env ?? null,
  });
  // Another program's settings count only when its workspaces do.
  const borrowed = source === 'plugin' ? plugin : null;
  const options = resolveOptions([
    flags.layer,
    environmentLayer(env),
    ...(file ? [file.layer] : []),
    ...(borrowed ? [environmentLayer(borrowed.env, 'plugin', borrowed.path)] : []),
  ]);
  const entries = reading.ok ? reading.workspaces : [];
  const home = sources.home ?? '';
  const admitted = await admitWorkspaces(entries, { options: options.values, source, places, home });
  const trusted = await readTrusted(options, env);
  const problems = [
    ...places.problems,
    ...options.problems,
    ...(reading.ok ? [] : reading.problems.map(({ message }) => message)),
    ...(reading.ok ? [] : whatElseIsMissing(reading.problems, options.values.platformUrl, places)),
    ...admitted.problems,
    ...trusted.problems,
  ];
  return {
    options,
    places,
    directory,
    source,
    entries,
    workspaces: problems.length > 0 ? [] : admitted.workspaces,
    certificates: trusted.certificates,
    problems,
    notes: [
      ...(file?.unknownKeys ?? []).map((key) => `config.json: ${JSON.stringify(key)} is no setting`),
      ...(borrowed ? [`the workspaces are those of the channel plugin, in ${borrowed.path}`] : []),
    ],
  };
}

/** Beside an incomplete single workspace: what has to be set, too, and why a token file that is there is of no use. */
function whatElseIsMissing(
  problems: readonly WorkspaceProblem[],
  platformUrl: string,
  { flags, file, authToken, authTokenFile }: Places,
): readonly string[] {
  const isMissing = (code: WorkspaceProblem['code']) => problems.some((problem) => problem.code === code);
  if (!isMissing('WORKSPACE_ID_REQUIRED') && !isMissing('TOKEN_REQUIRED')) return [];
  const isUseless = authToken && !authToken.ok && authToken.reason !== 'does not exist';
  return [
    ...(isUseless && isMissing('TOKEN_REQUIRED')
      ? [`${authTokenFile} ${authToken.reason}; ${TOKEN_EXAMPLE}`]
      : []),
    ...(isMissing('TOKEN_REQUIRED') && file?.workspaces != null && flags.workspaceId === undefined
      ? ['config.json names workspaces, too: they count while WORKSPACE_ID is not set']
      : []),
    ...(platformUrl === ''
      ? ['PLATFORM_URL is not set; for example PLATFORM_URL=https://platform.example']
      : []),
  ];
}
