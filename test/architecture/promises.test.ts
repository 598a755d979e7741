import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How many promises each of the ten changes made: C1 has 35, and so on. */
const COUNTS = [35, 12, 8, 2, 5, 20, 18, 11, 2, 1];

/** A row of a table in docs/promises.md. */
interface Row {
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

/** A test by its file and title, or a file of recorded cases, whose title is empty. */
interface Evidence {
  readonly file: string;
  readonly title: string;
}

const rows = readRows(readFileSync(join(root, 'docs/promises.md'), 'utf8'));

describe('docs/promises.md', () => {
  it('names every promise once, in order', () => {
    const ids = COUNTS.flatMap((count, index) =>
      Array.from({ length: count }, (_, number) => `C${index + 1}-${number + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('names a test for each', () => {
    const bare = rows.filter(({ evidence }) => !evidence.some(({ title }) => title !== ''));
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('names files and titles that exist', () => {
    const missing = rows.flatMap(({ id, evidence }) =>
      evidence.filter((each) => !exists(each)).map(({ file, title }) => `${id}: ${file} “${title}”`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the check of titles', () => {
  it('takes a title with its placeholders as they stand or filled in, and no other', () => {
    const pattern = patternOf(`says %s of \${name} and $who.name`);
    expect('says %s of x and $who.name').toMatch(pattern);
    expect('says "a b" of anna and ben').toMatch(pattern);
    expect('says nothing').not.toMatch(pattern);
  });

  it('takes a title of nothing but placeholders only as it stands', () => {
    expect('%s').toMatch(patternOf('%s'));
    expect('anything').not.toMatch(patternOf('%s'));
  });
});

/** Reads the rows `| C1-1 | … | tests |`; the last column has file names in backticks and titles in “quotes”. */
function readRows(document: string): readonly Row[] {
  return document.split('\n').flatMap((line) => {
    const [, id = '', ...cells] = line.split('|').map((cell) => cell.trim());
    return /^C\d+-\d+$/.test(id) ? [{ id, evidence: readEvidence(cells.at(-2) ?? '') }] : [];
  });
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
function patternOf(title: string): RegExp {
  const [words, literally] = [title.replace(PLACEHOLDER, ''), quote(title)];
  if (!/\p{L}/u.test(words)) return new RegExp(`^${literally}$`);
  return new RegExp(`^${title.split(PLACEHOLDER).map(quote).join('.+')}$`);
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `%s` and its kin, `$name`, and a template's `${}`. */
const PLACEHOLDER = /%[sdifjoOc#$]|\$[A-Za-z_][\w.]*|\$\{[^}]*\}/g;
