import { expect, it } from 'vitest';
import { canvasUrl } from '../../src/canvas/route.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { describeInBrowser } from '../support/browser.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';

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
    await page.locator('#writing button').click();
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
});
