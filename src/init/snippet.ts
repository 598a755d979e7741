import { tomlSection } from './edit-toml.ts';
import type { Host, HostPlaces } from './hosts/host.ts';
import type { Launch } from './launch.ts';

/** What a person puts into a host's file or types, ready to copy, with what there is to know about it. */
export function snippetOf(host: Host, places: HostPlaces, name: string, launch: Launch): string {
  const entry = host.entry(launch);
  const text =
    host.format === 'toml'
      ? tomlSection(host.table, name, entry).trimEnd()
      : JSON.stringify({ [host.table]: { [name]: entry } }, null, 2);
  const command = host.command?.(name, launch);
  return [
    `${host.title}`,
    '',
    ...(command === undefined ? [] : [`    ${command}`, '']),
    `  ${command === undefined ? 'In' : 'Or in'} ${host.file(places)}:`,
    '',
    ...text.split('\n').map((line) => `    ${line}`),
    '',
    ...host.hints(name).map((hint) => `  ${hint}`),
  ].join('\n');
}
