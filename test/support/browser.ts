import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { buildPages } from '../../scripts/build-pages.mjs';

const PATH = '/usr/bin/chromium';
const MISSING = `there is no ${PATH}: the browser tests are skipped (apt-get install chromium)`;

/** A page in a real browser, and what went wrong in it: every error and every refused or outgoing request. */
export interface BrowserPage {
  readonly page: Page;
  readonly errors: readonly string[];
  /** Addresses that were asked for, other than `data:`, `blob:` and `file:`. */
  readonly requests: readonly string[];
}

/** How a page is looked at. */
export interface PageLook {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** Tests in real Chromium, with pages built from the sources; says so and skips them where there is none. */
export function describeInBrowser(
  name: string,
  tests: (open: (url: string, look?: PageLook) => Promise<BrowserPage>) => void,
): void {
  const isThere = existsSync(PATH);
  if (!isThere) console.warn(MISSING);
  describe.skipIf(!isThere)(isThere ? name : `${name} (${MISSING})`, () => {
    let browser: Browser | null = null;
    beforeAll(async () => {
      await buildPages('dist/pages');
      browser = await chromium.launch({ executablePath: PATH, args: FLAGS });
    });
    afterAll(() => browser?.close());

    tests(async (url, { width = 1280, colorScheme = 'light' } = {}) => {
      if (!browser) throw new Error('the browser has not started');
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      onTestFinished(() => page.close());
      const errors: string[] = [];
      const requests: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('request', (request) => {
        if (!/^(data|blob|file):/.test(request.url())) requests.push(request.url());
      });
      await page.goto(url);
      return { page, errors, requests };
    });
  });
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
