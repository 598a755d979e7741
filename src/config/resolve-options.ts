import { type OptionName, type OptionValues, optionNames, options } from './options.ts';
import type { Layer, Origin } from './setting.ts';

/** The value of every option, where each comes from, and one line for each value that cannot be. */
export interface ResolvedOptions {
  readonly values: OptionValues;
  readonly origins: Readonly<Record<OptionName, Origin>>;
  readonly problems: readonly string[];
}

/** Takes each option from the first layer that sets it; blank counts as not set. A refused value leaves the default. */
export function resolveOptions(layers: readonly Layer[]): ResolvedOptions {
  const problems: string[] = [];
  const origins: Partial<Record<OptionName, Origin>> = {};
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const name of optionNames) {
    const { fallback, schema, shape, example } = options[name];
    const setting = firstOf(layers, name);
    const parsed = schema.safeParse(setting?.text.trim());
    if (setting && !parsed.success)
      problems.push(`${setting.origin.name} must be ${shape}; for example ${example}`);
    values[name] = setting && parsed.success ? parsed.data : fallback;
    origins[name] = setting && parsed.success ? setting.origin : DEFAULT;
  }
  return { values: values as OptionValues, origins: origins as Record<OptionName, Origin>, problems };
}

function firstOf(layers: readonly Layer[], name: OptionName) {
  for (const layer of layers) {
    const setting = layer(name);
    if (setting && setting.text.trim() !== '') return setting;
  }
  return undefined;
}

const DEFAULT: Origin = { kind: 'default', name: 'default' };
