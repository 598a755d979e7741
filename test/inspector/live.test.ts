import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildPages } from '../../scripts/build-pages.mjs';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { describeInBrowser } from '../support/browser.ts';
import { useCli } from '../support/cli.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../support/local-platform.ts';
import { until } from '../support/until.ts';
import { WATCHED } from '../support/watched-bridge.ts';
import { startWatchedInspector } from '../support/watched-inspector.ts';

const cli = useCli();
beforeAll(() => buildPages(join(dirname(cli.path), 'pages')));

/** A bridge that serves its inspector, and the addresses that it says on stderr: our page, and the one for Stately's. */
async function startInspected(workspaces: readonly TestWorkspace[], platform: LocalPlatform, env = {}) {
  const bridge = await startBridgeProcess(platform, {
    workspaces,
    program: cli.path,
    env: { MOLECULE_INSPECT: '1', MOLECULE_INSPECT_TEXT: '1', ...env },
  });
  const said = (lead: string) =>
    until(
      () => new RegExp(`${lead}: (http\\S+)`).exec(bridge.stderr.join('\n'))?.[1],
      `the address of the ${lead}`,
    );
  return { bridge, url: await said('inspector'), statelyUrl: await said('inspector in Stately') };
}

/** A page that shakes hands as Stately's inspector does and keeps what it gets; resolves with its address. */
async function standForStately(): Promise<string> {
  const stand = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<script>
      window.got = [];
      addEventListener('message', ({ data }) => got.push(data));
      setTimeout(() => parent.postMessage({ type: '@statelyai.connected' }, '*'), 200);
    </script>`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    stand.close();
  });
  await once(stand, 'listening');
  return `http://127.0.0.1:${(stand.address() as AddressInfo).port}/inspect`;
}

interface StatelyMessage {
  readonly type: string;
  readonly sessionId: string;
  readonly parentId?: string;
  readonly definition?: string;
  readonly event?: { readonly type: string };
  readonly snapshot?: { readonly value: unknown };
}

/** What the frame for Stately's inspector has got, once that is enough. */
async function gotInFrame(
  page: Page,
  enough: (messages: readonly StatelyMessage[]) => boolean,
): Promise<readonly StatelyMessage[]> {
  const frame = await until(
    () => page.frames().find((inner) => inner.url().endsWith('/inspect')),
    'the frame',
  );
  return until(async () => {
    const messages = (await frame.evaluate('window.got')) as StatelyMessage[];
    return enough(messages) ? messages : null;
  }, 'the messages');
}

/** The numbers of the pipeline, by their names. */
async function countsOn(page: Page): Promise<Record<string, number>> {
  const shown = await page
    .locator('[id^="count-"]')
    .evaluateAll((cells) => cells.map(({ id, textContent }) => [id.slice(6), Number(textContent)]));
  return Object.fromEntries(shown);
}

describeInBrowser('the live inspector', (open) => {
  it('shows a real bridge as it works', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const { bridge, url } = await startInspected([workspace], platform);
    const { page, errors } = await open(url);
    await page.locator('[data-state="online"].active').waitFor();
    await sayAsUser(platform, workspace, 'seen live <b>!</b>', [{ name: 'a.txt', bytes: 'a' }]);
    await page.locator('#inbox li', { hasText: 'seen live <b>!</b>' }).waitFor();
    expect(await page.textContent('#count-staged')).toBe('1');
    const [message] = await bridge.holds(1);
    await bridge.pop(message?.activity_id ?? '');
    await page.locator('#count-popped', { hasText: '1' }).waitFor();
    expect(await page.locator('#inbox li').count()).toBe(0);
    // Back in time: the message waits again, while the bridge goes on.
    await page.locator('#log button', { hasText: 'message.released' }).first().click();
    expect(await page.locator('#inbox li').count()).toBe(1);
    await page.locator('#end').click();
    expect(await page.locator('#inbox li').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('shows counts that add up on a page that was opened late', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const { bridge, url } = await startInspected([workspace], platform);
    const popFirst = async () => {
      const [message] = await bridge.peek();
      await bridge.pop(message?.activity_id ?? '');
    };
    for (const text of ['one', 'two', 'three'])
      await sayAsUser(platform, workspace, text, [{ name: `${text}.txt`, bytes: text }]);
    await bridge.pushed(3);
    await popFirst();
    const { page, errors } = await open(url);
    await page.locator('#inbox li').nth(1).waitFor();
    const zero = { rows: 0, coming: 0, messages: 0, files: 0, skipped: 0, rowless: 0 };
    expect(await countsOn(page)).toEqual({
      ...{ ...zero, uploads: 0, staged: 3, held: 0, waiting: 2, 'waiting-offered': 2, offered: 0, popped: 0 },
    });
    expect(await page.textContent('#sum')).toBe(
      '2 waiting at first + 0 that came = 0 held + 2 in the inbox + 0 popped',
    );

    await sayAsUser(platform, workspace, 'four', [{ name: 'four.txt', bytes: 'four' }]);
    await bridge.pushed(4);
    await popFirst();
    await popFirst();
    await bridge.call('send_message_to_user', { message: 'an answer comes back as a row of its own' });
    await page.locator('#count-skipped', { hasText: '1' }).waitFor();
    expect(await countsOn(page)).toEqual({
      ...{ rows: 3, coming: 0, messages: 1, files: 1, skipped: 1, rowless: 0, uploads: 0, staged: 4 },
      ...{ held: 0, waiting: 1, 'waiting-offered': 1, offered: 1, popped: 2 },
    });
    expect(await page.textContent('#sum')).toBe(
      '2 waiting at first + 1 that came = 0 held + 1 in the inbox + 2 popped',
    );
    expect(errors).toEqual([]);
  });

  it('hands every actor, event and snapshot to what speaks Stately’s handshake, those of before included', async () => {
    const { bridge, inspector } = await startWatchedInspector({
      statelyUrl: await standForStately(),
    });
    const { page } = await open(inspector.statelyUrl);
    await until(() => bridge.watching() > 0, 'the page watches');
    bridge.says('a secret');
    bridge.see('machine.moved', WATCHED, () => ({
      machine: 'workspace',
      event: 'xstate.done.actor.acquireDelivery',
      value: 'registering',
    }));
    const got = await gotInFrame(page, (messages) => messages.length >= 3);
    expect(got).toMatchObject([
      {
        type: '@xstate.actor',
        sessionId: `workspace ${WATCHED}`,
        snapshot: { value: { standingBy: 'acquiring' } },
      },
      { type: '@xstate.event', event: { type: 'xstate.done.actor.acquireDelivery' } },
      { type: '@xstate.snapshot', snapshot: { value: 'registering', context: {} } },
    ]);
    expect(JSON.parse(got[0]?.definition ?? '')).toMatchObject({ id: 'workspace', initial: 'standingBy' });
    expect(JSON.stringify(got)).not.toContain('a secret');
    expect(await page.textContent('#connection')).toContain('connected');
  });

  it('tells Stately’s inspector of every workspace of a real bridge as it works', async () => {
    const platform = await startTestPlatform();
    const workspaces = [
      await createPollWorkspace(platform, 'one'),
      await createPollWorkspace(platform, 'two'),
    ];
    const { bridge, statelyUrl } = await startInspected(workspaces, platform, {
      MOLECULE_STATELY_URL: await standForStately(),
    });
    const { page, errors } = await open(statelyUrl);
    const sessions = [...workspaces.map(({ id }) => `workspace ${id}`), 'delivery'];
    const met = await gotInFrame(page, (messages) =>
      [...sessions, 'supervisor'].every((id) =>
        messages.some((told) => told.type === '@xstate.actor' && told.sessionId === id),
      ),
    );
    for (const { type, sessionId, parentId } of met)
      if (type === '@xstate.actor' && sessionId.startsWith('workspace ')) expect(parentId).toBe('supervisor');
    for (const workspace of workspaces) await sayAsUser(platform, workspace, 'a secret');
    await bridge.pushed(2);
    const toldOf = (messages: readonly StatelyMessage[], type: string, sessionId: string) =>
      messages.filter((told) => told.type === type && told.sessionId === sessionId);
    const got = await gotInFrame(page, (messages) =>
      sessions.every((id) =>
        ['@xstate.event', '@xstate.snapshot'].every((type) => toldOf(messages, type, id).length > 0),
      ),
    );
    for (const { id } of workspaces) {
      const snapshots = toldOf(got, '@xstate.snapshot', `workspace ${id}`);
      expect(snapshots.map(({ snapshot }) => JSON.stringify(snapshot?.value)).join()).toContain('"polling"');
      expect(JSON.stringify(got)).not.toContain('a secret');
    }
    expect(errors).toEqual([]);
  });

  it('shows no message text unless asked to', async () => {
    const { bridge, inspector } = await startWatchedInspector();
    const { page } = await open(inspector.url);
    await until(() => bridge.watching() > 0, 'the page watches');
    bridge.says('a secret');
    await page.locator('#log button', { hasText: 'message.received' }).waitFor();
    expect(await page.textContent('body')).not.toContain('a secret');
  });
});
