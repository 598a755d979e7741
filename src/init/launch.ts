import { sep } from 'node:path';

/** How a host starts the program. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Only what the program would not find out by itself; never a token. */
  readonly env: Readonly<Record<string, string>>;
}

/** What decides how the program is started. */
export interface LaunchFacts {
  /** The node that runs now. */
  readonly execPath: string;
  /** The script that runs now, every link resolved. */
  readonly script: string;
  readonly version: string;
  /** The state directory, when a host's environment would not lead there. */
  readonly configsDir: string | null;
}

/**
 * The command with absolute paths, since hosts started from a desktop have another `PATH` than a shell; but what `npx` has
 * downloaded may be cleaned away, so there it is `npx` again.
 */
export function launchOf({ execPath, script, version, configsDir }: LaunchFacts): Launch {
  const env: Record<string, string> = configsDir === null ? {} : { CONFIGS_DIR: configsDir };
  if (script.includes(`${sep}_npx${sep}`))
    return { command: 'npx', args: ['-y', `molecule-inbox@${version}`], env };
  return { command: execPath, args: [script], env };
}
