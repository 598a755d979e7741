import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../outbox/desk.ts';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { createPollWorkspace, startTestPlatform } from '../../support/local-platform.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

describe('MOLECULE_ATTACH_ROOTS', () => {
  it.each([
    ['before', (folder: string) => `${delimiter}${folder}`],
    ['behind', (folder: string) => `${folder}${delimiter}`],
  ])('W-55: does not open the working directory by an empty place %s a folder', async (_, rootsOf) => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const folder = createTempFolder('roots');
    await writeFile(join(folder, 'fine.txt'), 'fine');
    const env = { MOLECULE_ATTACH_ROOTS: rootsOf(folder) };
    const { agent } = await openBridgeWindow(platform, { workspaces: [workspace], env });
    const send = (path: string) =>
      agent.outbox.sendToUser(
        { message: 'look', attachments: [path] },
        { signal: new AbortController().signal },
      );
    expect(await send(join(folder, 'fine.txt'))).toMatchObject({ attachments: 1 });
    expect((await refusalOf(send(join(process.cwd(), 'package.json')))).message).toContain('outside');
  });
});
