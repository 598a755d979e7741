import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The pages that a build makes (`scripts/build-pages.mjs`). */
export type PageName = 'inspector' | 'stately' | 'canvas';

/** A page's HTML. Read when it is asked for, so that a bridge that shows none pays nothing; rejects without a build. */
export async function readPage(name: PageName): Promise<string> {
  for (const folder of await homes()) {
    for (const place of PLACES) {
      const html = await readFile(join(folder, place, `${name}.html`), 'utf8').catch(() => null);
      if (html !== null) return html;
    }
  }
  throw new Error(`the page ${name} is missing from this installation: run npm run build`);
}

/** The folders from which the pages are found: of this module, or of the program where modules have become scripts. */
async function homes(): Promise<string[]> {
  const program = await realpath(process.argv[1] ?? '').catch(() => '');
  const own = URL.canParse(import.meta.url) ? [dirname(fileURLToPath(import.meta.url))] : [];
  return [...own, ...(program === '' ? [] : [dirname(program)])];
}

/** Beside the bundle, beside its chunks, and from the sources. */
const PLACES = ['pages', '../pages', '../../dist/pages'];
