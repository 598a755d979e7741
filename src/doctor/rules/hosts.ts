import type { Environment } from '../../config/environment.ts';
import { type Finding, ok, warning } from '../finding.ts';
import type { HostEntry } from '../probes/hosts.ts';

/** Whether a host starts this program, with the configuration that was looked at, and no other client beside it. */
export function judgeHosts(entries: readonly HostEntry[], env: Environment): readonly Finding[] {
  const ours = entries.filter(({ client }) => client === 'molecule-inbox');
  const others = entries.filter(({ client }) => client === 'another');
  return [
    ...judgeStarts(ours),
    ...ours.flatMap((entry) => judgeVariables(entry, env)),
    ...ours.filter(({ isPlugin }) => isPlugin).flatMap((plugin) => judgeTwice(plugin, ours)),
    ...others.map(({ host, name, path }) =>
      warning(
        CHECK,
        `${host} also starts another client of the platform ("${name}" in ${path})`,
        'Two clients answer everything twice: take one of them away.',
      ),
    ),
  ];
}

/** Which hosts start it, and which are told to start what has moved. */
function judgeStarts(ours: readonly HostEntry[]): readonly Finding[] {
  if (ours.length === 0) {
    return [
      warning(
        CHECK,
        'no host that this program knows is told to start it',
        '`molecule-inbox init` prints what each of them needs; `--write HOST` writes it.',
      ),
    ];
  }
  const able = ours.filter(({ missing }) => missing === null);
  const named = able.map(({ host, name, path }) => `${host} ("${name}" in ${path})`);
  return [
    ...(named.length > 0 ? [ok(CHECK, named.join(', '))] : []),
    ...ours.flatMap(({ host, name, path, missing }) => {
      if (missing === null) return [];
      const says = `${host} is told to start ${missing}, which is not there ("${name}" in ${path})`;
      return [warning(CHECK, says, '`molecule-inbox init --write HOST` tells it anew.')];
    }),
  ];
}

function judgeVariables(entry: HostEntry, env: Environment): readonly Finding[] {
  const differing = Object.keys(entry.env).filter((name) => OURS.test(name) && entry.env[name] !== env[name]);
  if (differing.length === 0) return [];
  return [
    warning(
      CHECK,
      `${entry.host} starts it with ${differing.join(', ')} of its own (${entry.path}), which this check does not see`,
      'Run doctor with the same variables to check what that host runs.',
    ),
  ];
}

function judgeTwice(plugin: HostEntry, ours: readonly HostEntry[]): readonly Finding[] {
  const entry = ours.find(({ host, isPlugin }) => host === plugin.host && !isPlugin);
  if (!entry) return [];
  return [
    warning(
      CHECK,
      `${entry.host} starts it twice, as a plugin and by an entry ("${entry.name}")`,
      'The second one only stands by: take one of the two away.',
    ),
  ];
}

const CHECK = 'hosts';
/** Variables that decide what is joined, and how. */
const OURS = /^(MOLECULE_|PLATFORM_URL$|WORKSPACE_ID$|CONFIGS_DIR$|HTTPS?_PROXY$|NO_PROXY$|SSL_CERT_FILE$)/;
