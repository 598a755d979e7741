import type { Launch } from '../launch.ts';

/** A program that runs MCP servers: where it is told about them, and how. */
export interface Host {
  readonly id: HostId;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** Where in its file the servers stand by name. */
  readonly table: string;
  /** The file that `--write` edits. */
  file(places: HostPlaces): string;
  /** Files beside that one in which it may know us, too. */
  alsoIn?(places: HostPlaces): readonly string[];
  /** Its settings, of which `enabledPlugins` may name us; absent when it has no such plugins. */
  pluginsIn?(places: HostPlaces): readonly string[];
  /** What it is told, by key. Keys that an entry has beyond these are the user's. */
  entry(launch: Launch): Readonly<Record<string, HostValue>>;
  /** The host's own command that does the same, one line; absent when it has none. */
  command?(name: string, launch: Launch): string;
  /** What the user has to know beside the entry, one line each. */
  hints(name: string): readonly string[];
}

/** The hosts by the name that `--write` and `--host` take. */
export type HostId = 'claude-code' | 'codex' | 'cursor' | 'vscode' | 'gemini' | 'generic';

/** What stands in an entry. */
export type HostValue = string | readonly string[] | Readonly<Record<string, string>>;

/** Where hosts look for their files. */
export interface HostPlaces {
  readonly home: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** The entry that most hosts take. */
export function commonEntry({ command, args, env }: Launch): Readonly<Record<string, HostValue>> {
  return { command, args, ...(Object.keys(env).length > 0 ? { env } : {}) };
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A launch as words of a shell. */
export function shellWords({ command, args }: Launch): string {
  return [command, ...args].map(shellWord).join(' ');
}

/** Variables as a host's own command takes them: `--env NAME=value`. */
export function envFlags({ env }: Launch, flag: string): string {
  return Object.entries(env)
    .map(([name, value]) => ` ${flag} ${shellWord(`${name}=${value}`)}`)
    .join('');
}
