import { parseArgs } from 'node:util';

/** A command's own flags by name: `switch` takes no value, `text` takes one. */
export type OwnFlags = Readonly<Record<string, 'switch' | 'text'>>;

/** A command line taken apart. */
export interface SplitFlags<Own extends OwnFlags> {
  readonly own: { readonly [Name in keyof Own]: Own[Name] extends 'switch' ? boolean : string | undefined };
  /** What is left for the configuration, in order. */
  readonly rest: readonly string[];
  /** Arguments that begin with no dash and belong to no flag of the command. */
  readonly problems: readonly string[];
}

/** Takes a command's own flags (`--json`) off its command line; the rest are the configuration's. */
export function splitFlags<Own extends OwnFlags>(args: readonly string[], own: Own): SplitFlags<Own> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(own).map(([name, kind]) => [
        name,
        { type: kind === 'switch' ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  const values: Record<string, boolean | string | undefined> = {};
  for (const [name, kind] of Object.entries(own)) values[name] = kind === 'switch' ? false : undefined;
  const taken = new Set<number>();
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option' || !Object.hasOwn(own, token.name)) continue;
    taken.add(token.index);
    if (own[token.name] === 'switch') values[token.name] = true;
    else if (token.value === undefined)
      problems.push(`--${token.name} needs a value; for example --${token.name}=…`);
    else values[token.name] = token.value;
    if (token.value !== undefined && token.inlineValue === false) taken.add(token.index + 1);
  }
  return {
    own: values as SplitFlags<Own>['own'],
    rest: args.filter((_, index) => !taken.has(index)),
    problems,
  };
}
