import { type ParseArgsConfig, parseArgs } from 'node:util';
import { flagOf, type OptionName, optionNames, options } from './options.ts';
import type { Layer } from './setting.ts';

/** What the command line says, or what is wrong with it; no problem quotes a value, which might be a token. */
export type FlagReading =
  | { readonly ok: true; readonly flags: Flags }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The command line's share of the configuration. */
export interface Flags {
  readonly layer: Layer;
  /** `--workspace-id` and `--token-file`: one workspace, whatever the environment names. */
  readonly workspaceId: string | undefined;
  readonly tokenFile: string | undefined;
}

/** Reads `--push-window 10`, `--push-window=10`, `--verbose` and `--no-verbose`. The last one of a name counts. */
export function readFlags(args: readonly string[]): FlagReading {
  const known: NonNullable<ParseArgsConfig['options']> = {
    'workspace-id': { type: 'string' },
    'token-file': { type: 'string' },
  };
  for (const name of optionNames)
    known[flagOf(name)] = { type: options[name].isSwitch ? 'boolean' : 'string' };
  try {
    const { values } = parseArgs({ args: args.flatMap(withPort), options: known, allowNegative: true });
    const layer = (name: OptionName) => {
      const flag = flagOf(name);
      const value = values[flag];
      const text = typeof value === 'boolean' ? (value ? '1' : '0') : value;
      if (typeof text !== 'string') return undefined;
      return { text, origin: { kind: 'flag', name: `--${flag}` } } as const;
    };
    const { 'workspace-id': workspaceId, 'token-file': tokenFile } = values;
    return {
      ok: true,
      flags: { layer, workspaceId: textOr(workspaceId), tokenFile: textOr(tokenFile) },
    };
  } catch (error) {
    return { ok: false, problems: [whatIsWrong(error)] };
  }
}

/** `--inspect=PORT` is the switch and its port, as in Node. */
function withPort(arg: string): readonly string[] {
  const [, port] = /^--inspect=(.*)$/.exec(arg) ?? [];
  return port === undefined ? [arg] : ['--inspect', `--inspect-port=${port}`];
}

/** What is wrong with a command line that `parseArgs` refused, without the values on it. */
export function whatIsWrong(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const flag = /'(-[^' =]*)/.exec(message)?.[1] ?? 'a flag';
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return 'the command line holds an argument that belongs to no flag; for example --push-window 10';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return flag === '--token'
      ? 'there is no flag --token: everybody on this machine could read it; put the token into a file and name that, for example --token-file=~/tokens/laptop'
      : `there is no flag ${flag}; run molecule-inbox config to see them all`;
  }
  return message.includes('does not take an argument')
    ? `${flag} takes no value; for example ${flag} or --no-${flag.slice(2)}`
    : `${flag} needs a value; for example ${flag}=…`;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
