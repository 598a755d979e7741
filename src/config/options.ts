import type * as z from 'zod';
import { filesOptions } from './options/files.ts';
import { inboxOptions } from './options/inbox.ts';
import { networkOptions } from './options/network.ts';
import { presenceOptions } from './options/presence.ts';
import { programOptions } from './options/program.ts';

/**
 * Every setting beside the workspaces themselves: one table, from which the configuration is read, explained
 * (`molecule-inbox config`) and documented (`npm run docs`). The flag of an option is its name in kebab case
 * (`--push-window`), its key in the configuration file the name in snake case (`push_window`).
 */
export const options = {
  ...networkOptions,
  ...presenceOptions,
  ...inboxOptions,
  ...filesOptions,
  ...programOptions,
} as const;

/** The name of an option. */
export type OptionName = keyof typeof options;

/** The value of every option. */
export type OptionValues = { readonly [Name in OptionName]: z.output<(typeof options)[Name]['schema']> };

/** All names, in the table's order. */
export const optionNames = Object.keys(options) as readonly OptionName[];

/** The flag of an option, without its dashes: `pushWindow` → `push-window`. */
export function flagOf(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The key of an option in the configuration file: `pushWindow` → `push_window`. */
export function keyOf(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
