import { readFile } from 'node:fs/promises';

/** The pages that a build makes (`scripts/build-pages.mjs`). */
export type PageName = 'inspector' | 'stately' | 'canvas';

/** A page's HTML. Read when it is asked for, so that a bridge that shows none pays nothing; rejects without a build. */
export async function readPage(name: PageName): Promise<string> {
  for (const place of PLACES) {
    const html = await readFile(new URL(`${place}${name}.html`, import.meta.url), 'utf8').catch(() => null);
    if (html !== null) return html;
  }
  throw new Error(`the page ${name} is missing from this installation: run npm run build`);
}

/** Beside the bundle, beside its chunks, and from the sources. */
const PLACES = ['./pages/', '../pages/', '../../dist/pages/'];
