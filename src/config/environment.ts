import { options } from './options.ts';
import { readPluginPace } from './plugin-pace.ts';
import type { Layer, OriginKind } from './setting.ts';

/** Variables as a process or an `.env` file has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The options that variables set. `file` names the file they were read from, for messages. */
export function environmentLayer(env: Environment, kind: OriginKind = 'environment', file?: string): Layer {
  const pace = readPluginPace(env);
  const named = (name: string) => ({ kind, name: file === undefined ? name : `${file}: ${name}` });
  return (option) => {
    const { variable, aliases } = options[option];
    for (const name of [variable, ...aliases]) {
      const text = env[name]?.trim() ?? '';
      if (text !== '') return { text, origin: named(name) };
    }
    const paced = pace[option];
    return paced && { text: paced.text, origin: named(paced.variable) };
  };
}
