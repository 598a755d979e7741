import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A row of a table in a document that names tests as evidence. */
export interface EvidenceRow {
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

/** A test by its file and title, or a file of recorded cases, whose title is empty. */
export interface Evidence {
  readonly file: string;
  readonly title: string;
}

/**
 * Reads the rows whose first cell is such an id from a document; the last column has file names in backticks and titles
 * in “quotes”.
 */
export function readEvidenceRows(document: string, isId: RegExp): readonly EvidenceRow[] {
  return readFileSync(join(root, document), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id = '', ...cells] = line.split('|').map((cell) => cell.trim());
      return isId.test(id) ? [{ id, evidence: readEvidence(cells.at(-2) ?? '') }] : [];
    });
}

/** What the rows name and is not there. */
export function missingEvidence(rows: readonly EvidenceRow[]): readonly string[] {
  return rows.flatMap(({ id, evidence }) =>
    evidence.filter((each) => !exists(each)).map(({ file, title }) => `${id}: ${file} “${title}”`),
  );
}

function readEvidence(cell: string): readonly Evidence[] {
  const evidence: Evidence[] = [];
  let file = '';
  for (const [, title, name] of cell.matchAll(/“([^”]*)”|`([^`]*)`/g)) {
    if (name?.endsWith('.json')) evidence.push({ file: `test/fixtures/vectors/${name}`, title: '' });
    else if (name !== undefined) file = `test/${name}.test.ts`;
    else evidence.push({ file, title: title ?? '' });
  }
  return evidence;
}

function exists({ file, title }: Evidence): boolean {
  if (!existsSync(join(root, file))) return false;
  return title === '' || titlesIn(file).some((known) => patternOf(known).test(title));
}

const known = new Map<string, readonly string[]>();

/** The titles of a file's suites and tests, as they are written; a template's expressions as `${}`. */
function titlesIn(file: string): readonly string[] {
  const titles = known.get(file) ?? readTitles(readFileSync(join(root, file), 'utf8'));
  known.set(file, titles);
  return titles;
}

function readTitles(source: string): readonly string[] {
  const titles: string[] = [];
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText(file))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
      if (title && ts.isTemplateExpression(title)) {
        titles.push(
          title.head.text + title.templateSpans.map(({ literal }) => `\${}${literal.text}`).join(''),
        );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

/** A title in which each placeholder stands for any text; one without any word of its own only for itself. */
export function patternOf(title: string): RegExp {
  const [words, literally] = [title.replace(PLACEHOLDER, ''), quote(title)];
  if (!/\p{L}/u.test(words)) return new RegExp(`^${literally}$`);
  return new RegExp(`^${title.split(PLACEHOLDER).map(quote).join('.+')}$`);
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `%s` and its kin, `$name`, and a template's `${}`. */
const PLACEHOLDER = /%[sdifjoOc#$]|\$[A-Za-z_][\w.]*|\$\{[^}]*\}/g;
