import type { Host, HostPlaces } from './hosts/host.ts';
import { findHost, hosts } from './hosts/hosts.ts';
import type { Launch } from './launch.ts';
import { snippetOf } from './snippet.ts';
import { writeHost } from './write-host.ts';

/** Which hosts are to be told, by the names that the person gave; or what is wrong with those. */
export function chooseHosts(names: string | undefined): readonly Host[] | { readonly problem: string } {
  const chosen: Host[] = [];
  for (const name of (names ?? '').split(',').map((part) => part.trim())) {
    if (name === '') continue;
    const host = findHost(name);
    if (!host)
      return { problem: `there is no host "${name}"; there are ${hosts.map(({ id }) => id).join(', ')}` };
    chosen.push(host);
  }
  return chosen;
}

/** What hosts are told, and how it is reported. */
export interface TellingParts {
  readonly places: HostPlaces;
  /** The server's name in the host. */
  readonly name: string;
  readonly launch: Launch;
  readonly tell: (line: string) => void;
}

/** Prints what each host needs, ready to copy. */
export function showHosts(chosen: readonly Host[], { places, name, launch, tell }: TellingParts): void {
  for (const host of chosen) {
    tell('');
    tell(snippetOf(host, places, name, launch));
  }
}

/** Writes it into each host's own file. Rejects with one line at the first that cannot be written. */
export async function writeHosts(
  chosen: readonly Host[],
  { places, name, launch, tell }: TellingParts,
): Promise<void> {
  for (const host of chosen) {
    const { path, change, before } = await writeHost(host, places, name, launch);
    tell('');
    tell(`${host.title}: ${DONE[change]} "${name}" in ${path}`);
    if (before && change === 'changed') tell(`  Before, it was: ${before.command}`);
    const beating = before?.variables.filter((variable) => NAMES_WORKSPACES.test(variable)) ?? [];
    if (beating.length > 0)
      tell(
        `  Its entry still sets ${beating.join(', ')}, which beats the configuration file: take that out.`,
      );
    for (const hint of host.hints(name)) tell(`  ${hint}`);
  }
}

const DONE = { created: 'created', added: 'added', changed: 'changed', unchanged: 'found' } as const;
const NAMES_WORKSPACES =
  /^(WORKSPACE_ID|MOLECULE_WORKSPACES(_JSON)?|MOLECULE_WORKSPACE_(ID|TOKEN)S?|PLATFORM_URL)$/;
