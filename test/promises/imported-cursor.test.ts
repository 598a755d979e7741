import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBridge, type InboxMessage } from '../../src/index.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { idOf } from '../support/rows.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A workspace with three messages, and a state directory in which the Python client left the cursor that `leave` names. */
async function switchingFrom(leave: (rowIds: readonly string[]) => string, fileName = '.mcp_inbox_cursor') {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  for (const text of ['one', 'two', 'three']) await sayAsUser(platform, workspace, text);
  const folder = createTempFolder('imported-cursor');
  const rowIds = platform.rows(workspace.id).map(({ id }) => String(id));
  writeFileSync(join(folder, fileName.replace('<id>', workspace.id.slice(0, 8))), leave(rowIds), {
    mode: 0o600,
  });

  const bridge = createBridge({
    workspaces: [{ id: workspace.id, token: workspace.token, platformUrl: platform.url }],
    settings: { CONFIGS_DIR: folder, MOLECULE_POLL_SECS: '0.2', MOLECULE_SAFETY_POLL_SECS: '0.2' },
    logger: recordingLogger(),
  });
  onTestFinished(() => bridge.stop());
  const messages: InboxMessage[] = [];
  bridge.messages$.subscribe((message) => messages.push(message));
  await bridge.start();
  await sayAsUser(platform, workspace, 'four');
  await until(() => messages.at(-1)?.text === 'four', 'the newest message');
  return messages.map(({ text }) => text);
}

describe('the cursor of the Python client', () => {
  it.each(['.mcp_inbox_cursor', '.mcp_inbox_cursor_<id>'])(
    'W-52: in %s is taken over: nothing is lost, nothing comes again',
    async (fileName) => {
      expect(await switchingFrom(([first]) => first ?? '', fileName)).toEqual(['two', 'three', 'four']);
    },
  );

  it('that stands at the newest row brings only what comes after it', async () => {
    expect(await switchingFrom((rowIds) => rowIds.at(-1) ?? '')).toEqual(['four']);
  });

  it('that the platform no longer knows means a first start: the backlog', async () => {
    expect(await switchingFrom(() => idOf(99))).toEqual(['one', 'two', 'three', 'four']);
  });
});
