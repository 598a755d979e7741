import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** Puts a table where a Markdown file has its place for it, between two comments; throws when it has none. */
export function writePage(path: string, page: string): void {
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for the table`);
  writeFileSync(path, `${before}${BEGIN}\n${page}\n${END}${after}`);
}
