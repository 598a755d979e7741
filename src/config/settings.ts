import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { refuseImpossible } from '../domain/refuse-impossible.ts';
import type { WorkspaceEntry, WorkspaceProblem } from '../domain/workspace-entry.ts';
import { chooseWorkspaces } from './choose-workspaces.ts';
import type { WorkspaceConfig } from './config.ts';
import { type Environment, environmentLayer } from './environment.ts';
import { obtainToken } from './obtain-token.ts';
import type { OptionValues } from './options.ts';
import { type ConfigSources, type Places, readPlaces } from './places.ts';
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts';
import type { OriginKind } from './setting.ts';
import { locateTokenFile } from './token-file.ts';

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
  const admitted = await admit(entries, options.values, source, places, sources.home ?? '');
  const trusted = await trust(options, env);
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

/** The workspaces that the platform can accept, with their tokens, or what is wrong with each. */
async function admit(
  entries: readonly WorkspaceEntry[],
  options: Pick<OptionValues, 'platformUrl' | 'orgId'>,
  source: OriginKind,
  { directory, authTokenFile }: Places,
  home: string,
): Promise<{ readonly workspaces: readonly WorkspaceConfig[]; readonly problems: readonly string[] }> {
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

/** Certificates that are given to a connection replace Node's extra ones, so those are read, too. */
async function trust(
  { values, origins }: ResolvedOptions,
  env: Environment,
): Promise<{ readonly certificates: readonly string[]; readonly problems: readonly string[] }> {
  if (values.caFile === '') return { certificates: [], problems: [] };
  // Only here, so that a start without them does not load it.
  const { readCertificates } = await import('./certificates.ts');
  const reading = await readCertificates(values.caFile);
  if (!reading.ok)
    return { certificates: [], problems: [`the file that ${origins.caFile.name} names ${reading.reason}`] };
  const extra = await readCertificates(env.NODE_EXTRA_CA_CERTS ?? '');
  return {
    certificates: [...reading.certificates, ...(extra.ok ? extra.certificates : [])],
    problems: [],
  };
}

/** Beside an incomplete single workspace: what has to be set, too, and why a token file that is there is of no use. */
function whatElseIsMissing(
  problems: readonly WorkspaceProblem[],
  platformUrl: string,
  { authToken, authTokenFile }: Places,
): readonly string[] {
  const isMissing = (code: WorkspaceProblem['code']) => problems.some((problem) => problem.code === code);
  if (!isMissing('WORKSPACE_ID_REQUIRED') && !isMissing('TOKEN_REQUIRED')) return [];
  const isUseless = authToken && !authToken.ok && authToken.reason !== 'does not exist';
  return [
    ...(isUseless && isMissing('TOKEN_REQUIRED') ? [`${authTokenFile} ${authToken.reason}`] : []),
    ...(platformUrl === ''
      ? ['PLATFORM_URL is not set; for example PLATFORM_URL=https://platform.example']
      : []),
  ];
}
