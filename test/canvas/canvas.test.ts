import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { canvasUrl } from '../../src/canvas/route.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { type BrowserPage, describeInBrowser } from '../support/browser.ts';
import { faintTexts } from '../support/faint-texts.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

/** The canvas of a workspace, with something done to what it sends to the agent. */
async function openWith(
  open: (url: string) => Promise<BrowserPage>,
  onSend: (route: Route) => unknown = (route) => route.continue(),
) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const { page } = await open(canvasUrl(platform));
  await page.locator('#workspace option').first().waitFor({ state: 'attached' });
  await page.route('**/a2a', onSend);
  let looked = 0;
  page.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname === '/workspaces') looked += 1;
  });
  /** Chosen anew, a workspace is looked at at once; behind a second look the first has shown what it saw. */
  const looksAround = async () => {
    for (const before of [looked, looked + 1]) {
      await page.dispatchEvent('#workspace', 'change');
      await until(() => looked > before, 'the page looks around');
    }
  };
  return { platform, workspace, page, looksAround };
}

describeInBrowser('the canvas', (open) => {
  it('writes, drops a file, and shows the answer and the presence of a real agent', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform, 'laptop');
    const { page, errors } = await open(canvasUrl(platform));
    await page.locator('#workspace option', { hasText: 'laptop' }).waitFor({ state: 'attached' });
    await page.locator('#presence', { hasText: 'awaiting_agent' }).waitFor();

    const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
    await page.locator('#presence', { hasText: 'online' }).waitFor();
    await page.setInputFiles('#files', {
      name: 'minutes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('hi'),
    });
    await page.fill('#text', 'please read this');
    await page.press('#text', 'Enter');

    const [message] = await bridge.holds(1);
    expect(message).toMatchObject({ text: 'please read this', kind: 'canvas_user' });
    expect(message?.attachments).toMatchObject([{ name: 'minutes.txt', status: 'staged', size: 2 }]);
    await page.locator('#chat .user', { hasText: 'minutes.txt' }).waitFor();
    expect(await page.inputValue('#text')).toBe('');
    await bridge.call('send_message_to_user', { message: 'I have read it', reply_to: message?.activity_id });
    await page.locator('#chat .agent', { hasText: 'I have read it' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('takes files that are dropped on it', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const { page } = await open(canvasUrl(platform));
    await page.locator('#workspace option').first().waitFor({ state: 'attached' });
    await page.evaluate(`{
      const transfer = new DataTransfer();
      transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }`);
    await page.locator('#dropped li', { hasText: 'dropped.txt' }).waitFor();
    await page.locator('#send').click();
    await page.locator('#chat .user .file', { hasText: 'dropped.txt' }).waitFor();
    expect(platform.rows(workspace.id).map(({ method }) => method)).toContain('chat_upload_receive');
  });

  it('shows text and names inert, a peer as a peer', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform, '<img src=x onerror="document.title=1">');
    const peer = await createPollWorkspace(platform, 'peer');
    await sayAsUser(platform, workspace, '<b id=forged>bold</b><script>document.title=2</script>');
    await sayAsPeer(platform, peer, workspace, 'from a peer');
    const { page, errors } = await open(canvasUrl(platform));
    await page.selectOption('#workspace', workspace.id);
    await page.locator('#chat .user', { hasText: '<b id=forged>bold</b>' }).waitFor();
    await page.locator('#chat .peer', { hasText: 'from a peer' }).waitFor();
    expect(await page.locator('#forged, #workspace img').count()).toBe(0);
    expect(await page.title()).toBe('molecule-inbox canvas');
    expect(errors).toEqual([]);
  });

  it('keeps its token in the fragment, and asks for one without', async () => {
    const platform = await startTestPlatform();
    await createPollWorkspace(platform);
    const { page, requests } = await open(`${platform.url}/`, { width: 360 });
    await page.locator('#admission').waitFor();
    await page.fill('#token', platform.adminToken);
    await page.locator('#admission button').click();
    await page.locator('#workspace option').first().waitFor({ state: 'attached' });
    expect(requests.filter((url) => url.includes(platform.adminToken))).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('says what the platform refuses', async () => {
    const platform = await startTestPlatform();
    const { page } = await open(`${platform.url}/#token=wrong`);
    await page.locator('#trouble', { hasText: '401' }).waitFor();
  });

  it('keeps saying what did not work until it works, or is put away', async () => {
    const { page, looksAround } = await openWith(open, (route) =>
      route.fulfill({ status: 503, body: '{"error":"busy"}' }),
    );
    await page.fill('#text', 'not now');
    await page.press('#text', 'Enter');
    const trouble = page.locator('#trouble[role="alert"]', { hasText: '503: busy' });
    await trouble.waitFor();
    // The page looks around all the time, and that goes well.
    await looksAround();
    expect(await trouble.count()).toBe(1);
    expect(await page.inputValue('#text')).toBe('not now');
    await page.click('#dismiss');
    expect(await page.textContent('#trouble')).toBe('');
    await page.press('#text', 'Enter');
    await trouble.waitFor();
    await page.unroute('**/a2a');
    await page.press('#text', 'Enter');
    await page.locator('#chat .user', { hasText: 'not now' }).waitFor();
    expect(await page.textContent('#trouble')).toBe('');
    expect(await page.locator('#dismiss').isVisible()).toBe(false);
  });

  it('sends once what is sent twice, and what was written meanwhile not at all', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { page, platform, workspace } = await openWith(open, async (route) => {
      await held;
      await route.continue();
    });
    await page.fill('#text', 'only once');
    await page.press('#text', 'Enter');
    await page.press('#text', 'Enter');
    await page.click('#send', { force: true });
    await page.locator('#send[aria-disabled="true"]').waitFor();
    await page.press('#text', 'x');
    letGo();
    await page.locator('#chat .user', { hasText: 'only once' }).waitFor();
    expect(await page.inputValue('#text')).toBe('');
    const said = () => platform.rows(workspace.id).filter(({ method }) => method === 'message/send');
    expect(said()).toHaveLength(1);
    await page.fill('#text', 'and the next');
    await page.press('#text', 'Enter');
    await page.locator('#chat .user', { hasText: 'and the next' }).waitFor();
    expect(said()).toHaveLength(2);
  });

  it('keeps what could not be sent, and uploads no file twice for it', async () => {
    const { page, platform, workspace } = await openWith(open, (route) => route.abort());
    await page.setInputFiles('#files', [
      { name: 'stays.txt', mimeType: 'text/plain', buffer: Buffer.from('stays') },
      { name: 'goes.txt', mimeType: 'text/plain', buffer: Buffer.from('goes') },
    ]);
    await page.getByRole('button', { name: 'Leave out goes.txt' }).click();
    await page.fill('#text', 'with a file');
    await page.press('#text', 'Enter');
    await page.locator('#trouble', { hasText: 'the platform does not answer' }).waitFor();
    expect(await page.locator('#dropped li').allTextContents()).toEqual(['stays.txt×']);
    await page.unroute('**/a2a');
    await page.press('#text', 'Enter');
    await page.locator('#chat .user .file', { hasText: 'stays.txt' }).waitFor();
    expect(await page.locator('#dropped li').count()).toBe(0);
    const uploads = platform.rows(workspace.id).filter(({ method }) => method === 'chat_upload_receive');
    expect(uploads).toHaveLength(1);
  });

  it('says that nothing was said, and that there is nobody', async () => {
    const platform = await startTestPlatform();
    const { page, errors } = await open(canvasUrl(platform));
    await page.getByText('There is no workspace yet.').waitFor();
    await createPollWorkspace(platform);
    await page.getByText('Nothing has been said here yet.').waitFor();
    expect(await page.getByText('There is no workspace yet.').isVisible()).toBe(false);
    expect(errors).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform, 'laptop');
    const peer = await createPollWorkspace(platform, 'peer');
    await sayAsUser(platform, workspace, 'with a file', [{ name: 'a.txt', bytes: 'a' }]);
    await sayAsPeer(platform, peer, workspace, 'from a peer');
    const { page } = await open(canvasUrl(platform), { colorScheme });
    await page.selectOption('#workspace', workspace.id);
    await page.locator('#chat .peer').waitFor();
    await page.setInputFiles('#files', { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('b') });
    await page.route('**/a2a', (route) => route.abort());
    await page.press('#text', 'Enter');
    await page.locator('#trouble', { hasText: 'not sent' }).waitFor();
    expect(await faintTexts(page)).toEqual([]);
  });

  it('leaves the list of workspaces alone while nothing about it changes', async () => {
    const { page, looksAround } = await openWith(open);
    await page.evaluate('window.first = document.querySelector("#workspace option")');
    await looksAround();
    expect(await page.evaluate('window.first.isConnected')).toBe(true);
  });
});
