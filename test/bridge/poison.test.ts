import { describe, expect, it } from 'vitest';
import { openBridgeWindow } from '../support/bridge-window.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { envelope } from '../support/rows.ts';
import { until } from '../support/until.ts';

async function start(env: Readonly<Record<string, string>> = {}) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const window = await openBridgeWindow(platform, { workspaces: [workspace], env });
  return { platform, workspace, window };
}

function nested(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

const BODIES: Readonly<Record<string, unknown>> = {
  'a null text': envelope([{ kind: 'text', text: null }]),
  'a number for a text': envelope([{ kind: 'text', text: 5 }]),
  'an array for a text': envelope([{ kind: 'text', text: [] }]),
  'parts that are none': envelope(null as unknown as []),
  'a body that is text': 'hello',
  'a body that is an array': [[[]]],
  '5,000 levels': nested(5_000),
  '5,000 levels in a part': envelope([{ kind: 'data', data: nested(5_000) }]),
  'a mebibyte': envelope([{ kind: 'text', text: 'x'.repeat(1024 * 1024) }]),
  'a file that is a path': envelope([
    {
      kind: 'file',
      file: { name: '../../x', uri: 'platform-pending:../../../workspaces/victim/restart?x=' },
    },
  ]),
};

describe('poison', () => {
  it('W-2, W-24: no body, however shaped, stops the rows behind it', async () => {
    const { platform, workspace, window } = await start();
    for (const [index, body] of Object.values(BODIES).entries()) {
      const draft = {
        activityType: 'a2a_receive',
        method: 'message/send',
        targetId: workspace.id,
        requestBody: body,
      };
      await platform.writeRow(workspace.id, draft);
      await sayAsUser(platform, workspace, `good ${index}`);
    }
    const good = Object.keys(BODIES).map((_, index) => `good ${index}`);
    await until(
      async () => (await window.texts()).filter((text) => text.startsWith('good')).length === good.length,
      'every good message',
    );
    expect((await window.texts()).filter((text) => text.startsWith('good'))).toEqual(good);
    expect((await window.status()).workspaces[0]).toMatchObject({ online: true, lastError: null });
  });

  it('W-23, W-35: a forged upload row makes no request to another path', async () => {
    const { platform, workspace, window } = await start();
    const forged = {
      jsonrpc: '2.0',
      method: 'chat_upload_receive',
      file_id: '../../../workspaces/victim/restart?x=',
      name: 'x',
      uri: `platform-pending:${workspace.id}/../../../workspaces/victim/restart?x=`,
    };
    const draft = { activityType: 'a2a_receive', method: 'chat_upload_receive', targetId: workspace.id };
    await platform.writeRow(workspace.id, { ...draft, requestBody: forged });
    await sayAsUser(platform, workspace, 'behind it');
    await until(async () => (await window.texts()).includes('behind it'), 'the row behind it');
    expect(
      platform.requests.matching(({ path }) => path.includes('victim') || path.includes('restart')),
    ).toEqual([]);
  });
});
