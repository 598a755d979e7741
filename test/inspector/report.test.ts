import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { sealLine } from '../../adapters/event-log/line.ts';
import { headOf } from '../../adapters/event-log/log-head.ts';
import { runInspect } from '../../src/commands/inspect.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { describeInBrowser } from '../support/browser.ts';
import { faintTexts } from '../support/faint-texts.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const RACES = 'test/fixtures/recordings/activity-races.ndjson';
const UPLOADS = 'test/fixtures/recordings/activity-uploads.ndjson';

async function report(path: string): Promise<{ url: string; out: string }> {
  const out = join(createTempFolder('report'), 'report.html');
  expect(await runInspect([path, '--out', out])).toBe(0);
  return { url: pathToFileURL(out).href, out };
}

/** The event log of a workspace to which happened what a file of rows holds. */
async function logOf(path: string): Promise<string> {
  const [source] = await readSource(path);
  if (!source) throw new Error('nothing to play');
  const { frames } = await play(source);
  const events = frames.flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []));
  const head = headOf({ type: 'log.opened', log: '0'.repeat(32), seq: 0 });
  const log = join(createTempFolder('log'), 'events.jsonl');
  await writeFile(log, [head, ...events].map(sealLine).join(''));
  return log;
}

describeInBrowser('the offline report', (open) => {
  it('opens from the disk, asks for nothing, and shows states, counts and messages', async () => {
    const { url } = await report(UPLOADS);
    const { page, errors, requests } = await open(url);
    expect(await page.textContent('#count-waiting')).toBe('5');
    expect(await page.textContent('#count-staged')).toBe('5');
    expect(await page.textContent('#sum')).toBe(
      '0 waiting at first + 5 that came = 0 held + 5 in the inbox + 0 popped',
    );
    expect(await page.locator('#inbox li').count()).toBe(5);
    expect(await page.textContent('#inbox li:first-child')).toContain('please read this');
    const lit = await page
      .locator('#chart-workspace .active')
      .evaluateAll((states) => states.map((state) => state.getAttribute('data-state')));
    expect(lit).toContain('online.feed.reading.resting');
    expect(lit).not.toContain('standingBy');
    expect(await page.textContent('#presence')).toBe('online · registered (poll)');
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('shows the same from an event log, the lit states included', async () => {
    const { url } = await report(await logOf(UPLOADS));
    const { page, errors } = await open(url);
    expect(await page.textContent('#now-workspace')).toContain('online.feed.reading');
    expect(await page.locator('#chart-workspace [data-state="online"].active').count()).toBe(1);
    expect(await page.textContent('#presence')).toContain('online');
    expect(await page.textContent('#count-messages')).toBe('5');
    expect(await page.textContent('#sum')).toBe(
      '0 waiting at first + 5 that came = 0 held + 5 in the inbox + 0 popped',
    );
    expect(errors).toEqual([]);
  });

  it('keeps the place of whoever goes through the list by keyboard', async () => {
    const { url } = await report(RACES);
    const { page } = await open(url);
    await page.locator('#log button', { hasText: 'message.released' }).last().focus();
    const place = () => page.evaluate('document.activeElement.dataset.place');
    const before = await place();
    expect(before).toBeTruthy();
    await page.keyboard.press('Enter');
    expect(await page.textContent('#count-waiting')).toBe('1');
    expect(await place()).toBe(before);
  });

  it('goes back in time by keyboard, and forth again', async () => {
    const { url } = await report(RACES);
    const { page } = await open(url);
    expect(await page.textContent('#count-waiting')).toBe('6');
    await page.focus('#scrubber');
    await page.keyboard.press('Home');
    expect(await page.textContent('#count-waiting')).toBe('0');
    expect(await page.textContent('#now-workspace')).toBe('nothing known yet');
    for (let frame = 0; frame < 5; frame += 1) await page.keyboard.press('ArrowRight');
    expect(await page.textContent('#now-workspace')).toContain('registering');
    expect(await page.locator('[data-state="registering"].active').count()).toBe(1);
    await page.keyboard.press('End');
    expect(await page.textContent('#count-waiting')).toBe('6');
    // A line of the list leads to its moment.
    await page.locator('#log button', { hasText: 'message.released' }).last().click();
    expect(await page.textContent('#count-waiting')).toBe('1');
  });

  it('lights the transition just taken', async () => {
    const { url } = await report(RACES);
    const { page } = await open(url);
    await page.locator('#log button', { hasText: 'feed.wake →' }).last().click();
    const taken = await page
      .locator('.taken')
      .evaluateAll((arrows) =>
        arrows.map((arrow) => `${arrow.getAttribute('data-from')} > ${arrow.getAttribute('data-to')}`),
      );
    // It passes through `due` on its way to `polling`.
    expect(taken).toEqual(['online.feed.reading.restingBriefly > online.feed.reading.due']);
    await page.locator('#log button', { hasText: 'register done →' }).click();
    const steps = await page
      .locator('.taken')
      .evaluateAll((arrows) =>
        arrows.map((arrow) => `${arrow.getAttribute('data-from')} > ${arrow.getAttribute('data-to')}`),
      );
    expect(steps).toEqual(['registering > online']);
  });

  it('brings what was entered last into view, or shows the whole chart', async () => {
    const { url } = await report(RACES);
    const { page } = await open(url, { width: 360 });
    const inView = () =>
      page.evaluate(`(() => {
        const chart = document.getElementById('chart-workspace').getBoundingClientRect();
        const box = document.querySelector('#chart-workspace .entered rect').getBoundingClientRect();
        return box.left >= chart.left && box.right <= chart.right && box.top >= chart.top && box.bottom <= chart.bottom;
      })()`);
    expect(await inView()).toBe(true);
    await page.locator('#log button', { hasText: 'register done →' }).click();
    expect(await inView()).toBe(true);
    await page.locator('#log button', { hasText: '→ registering' }).click();
    expect(await page.locator('.entered').first().getAttribute('data-state')).toBe('registering');
    expect(await inView()).toBe(true);
    // Whoever has moved it keeps it where it is.
    await page.locator('#chart-workspace').hover();
    await page.mouse.wheel(0, -5_000);
    await page.locator('#follow[aria-pressed="false"]').waitFor();
    await page.click('#end');
    expect(await inView()).toBe(false);
    await page.click('#follow');
    expect(await inView()).toBe(true);
    await page.click('#zoom');
    const whole =
      'document.getElementById("chart-workspace").scrollWidth <= document.getElementById("chart-workspace").clientWidth';
    expect(await page.evaluate(whole)).toBe(true);
  });

  it('fits a phone, and every control has a name', async () => {
    const { url } = await report(UPLOADS);
    const { page } = await open(url, { width: 360, colorScheme: 'dark' });
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    const names = await page
      .locator('button:not(#log *), input, select')
      .evaluateAll((controls) =>
        controls.map(
          (control) =>
            control.getAttribute('aria-label') ||
            control.textContent ||
            control.closest('label')?.textContent ||
            '',
        ),
      );
    expect(names.length).toBe(10);
    expect(names.filter((name) => name.trim() === '')).toEqual([]);
    const [light, dark] = [await (await open(url)).page, page];
    const back = (shown: typeof page) =>
      shown.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>;
    expect(await back(light)).not.toBe(await back(dark));
  });

  it.each(['light', 'dark'] as const)(
    'can be read, and gone through by keyboard, in %s',
    async (colorScheme) => {
      const { url } = await report(UPLOADS);
      const { page } = await open(url, { colorScheme });
      const reached: string[] = [];
      for (let step = 0; step < 14; step += 1) {
        await page.keyboard.press('Tab');
        const [name, outline] = (await page.evaluate(
          '[document.activeElement.id || document.activeElement.dataset.chart || document.activeElement.dataset.place, getComputedStyle(document.activeElement).outlineStyle]',
        )) as [string, string];
        expect([name, outline]).toEqual([name, 'solid']);
        reached.push(name);
      }
      for (const id of ['workspace', 'back', 'scrubber', 'forth', 'end', 'delivery', 'zoom', 'follow'])
        expect(reached).toContain(id);
      // The list of what happened is within reach, its latest line first.
      expect(reached.some((name) => /^\d+$/.test(name))).toBe(true);
      await page.click('#log button >> nth=5');
      expect(await faintTexts(page)).toEqual([]);
    },
  );

  it('shows markup in a message as the text that it is', async () => {
    const hostile = '</script><img src=x onerror=\\"document.title=1\\"><b>bold</b>';
    const path = join(createTempFolder('report'), 'hostile.ndjson');
    await writeFile(path, (await readFile(RACES, 'utf8')).replace('"overtook"', `"${hostile}"`));
    const { url } = await report(path);
    const { page, errors, requests } = await open(url);
    expect(await page.textContent('#inbox')).toContain('</script><img src=x onerror=');
    expect(await page.locator('#inbox b, #inbox img, #log img').count()).toBe(0);
    expect(await page.title()).toBe('molecule-inbox inspector');
    expect([...errors, ...requests]).toEqual([]);
  });

  it('refuses in words what is no recording', async () => {
    expect(await runInspect(['package.json', '--out', join(createTempFolder('report'), 'x.html')])).toBe(2);
    expect(await runInspect([RACES])).toBe(2);
  });
});
