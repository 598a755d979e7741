import { flagOf, type OptionName, optionNames, options } from './options.ts';

/** The table of every option for `docs/configuration.md`, in Markdown, its columns as the formatter wants them. */
export function documentOptions(): string {
  const head = ['variable', 'flag', 'default', 'what it may be', 'what it does'];
  const rows = [head, ...optionNames.map(rowOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [first = head, ...others] = rows;
  return [line(first), rule, ...others.map(line)].join('\n');
}

/** Puts the table between its marks in the document; throws when they are not there. */
export function renewDocument(document: string): string {
  const start = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (start < 0 || end < start) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${document.slice(0, start + BEGIN.length)}\n\n${documentOptions()}\n\n${document.slice(end)}`;
}

function rowOf(name: OptionName): readonly string[] {
  const { variable, aliases, fallback, shape, isSwitch, about } = options[name];
  const flag = isSwitch ? `--${flagOf(name)}` : `--${flagOf(name)}=…`;
  const shown = isSwitch ? 'off' : fallback === '' ? '' : `\`${fallback}\``;
  const also =
    aliases.length === 0 ? '' : ` Also read from ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`;
  return [`\`${variable}\``, `\`${flag}\``, shown, isSwitch ? 'on or off' : shape, about + also];
}

const BEGIN = '<!-- begin: every option, by npm run docs -->';
const END = '<!-- end -->';
