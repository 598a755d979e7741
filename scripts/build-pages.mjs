// Puts the pages together: each one self-contained HTML file, its script pinned by hash in its own policy.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every page by the folder that it is made in; charts are drawings of `npm run visualize`. */
const PAGES = {
  inspector: { folder: 'visualizations/inspector', charts: ['workspace', 'delivery', 'supervisor'] },
  stately: { folder: 'visualizations/stately', charts: [] },
  canvas: { folder: 'src/canvas/page', charts: [] },
};

/** Writes `NAME.html` for every page into a folder. */
export async function buildPages(outFolder) {
  mkdirSync(outFolder, { recursive: true });
  for (const [name, { folder, charts }] of Object.entries(PAGES)) {
    const read = (file) => readFileSync(join(root, folder, file), 'utf8');
    const script = await bundle(join(folder, 'page.ts'), 'iife');
    const parts = {
      style: `<style>${await bundle(join(folder, 'page.css'))}</style>`,
      script: `<script>${script}</script>`,
      ...Object.fromEntries(
        charts.map((chart) => [
          `${chart}Chart`,
          readFileSync(join(root, 'visualizations', `${chart}.svg`), 'utf8'),
        ]),
      ),
    };
    const hash = createHash('sha256').update(script).digest('base64');
    const html = read('page.html')
      .replace('{{scriptHash}}', `sha256-${hash}`)
      .replace(/<!--(\w+)-->/g, (_, part) => parts[part]);
    // Whoever reads one that is as it should be does not find it half written.
    const path = join(outFolder, `${name}.html`);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== html) writeFileSync(path, html);
  }
}

async function bundle(entry, format) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    ...(format ? { format } : {}),
    target: 'es2022',
    // `</script` within the script would end it.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
}
