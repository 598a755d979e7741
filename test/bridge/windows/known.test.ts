import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentPort } from '../../../src/domain/ports/agent.ts';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import { refusalOf } from '../../outbox/desk.ts';
import { type BridgeWindow, openBridgeWindow } from '../../support/bridge-window.ts';
import {
  createPollWorkspace,
  sayAsPeer,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
} from '../../support/local-platform.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const calmly = { signal: new AbortController().signal };
const FILE = { name: 'plan.txt', bytes: 'the plan' };

/** Two workspaces and two windows, the first of which delivers both; files are staged outside the state directory. */
async function twoWindows() {
  const platform = await startTestPlatform();
  const [one, two] = [await createPollWorkspace(platform, 'one'), await createPollWorkspace(platform, 'two')];
  const folder = createTempFolder('work');
  const uploads = join(folder, 'uploads');
  await mkdir(uploads);
  const shared = {
    workspaces: [one, two],
    stateFolder: createTempFolder('state'),
    runTimeFolder: createTempFolder('run'),
    env: { MOLECULE_UPLOADS_DIR: uploads, MOLECULE_ATTACH_ROOTS: folder },
  };
  const first = await openBridgeWindow(platform, shared);
  await until(
    async () => (await first.status()).workspaces.every(({ delivery }) => delivery === 'delivering'),
    'the first window delivers both',
  );
  const second = await openBridgeWindow(platform, shared);
  return { platform, one, two, first, second, uploads, shared };
}

/** Sends the user a file at one workspace, and says where it was staged. */
async function stagedPath(platform: LocalPlatform, workspace: TestWorkspace, window: BridgeWindow) {
  await sayAsUser(platform, workspace, 'here', [FILE]);
  const [message] = await window.holds(1);
  return message?.attachments?.[0]?.path ?? '';
}

function send({ outbox }: AgentPort, workspaceId: string, path: string) {
  return outbox.sendToUser({ message: 'back to you', attachments: [path], workspaceId }, calmly);
}

describe('a window that stands by', () => {
  it('sends a staged file back to the workspace it came from, and to no other', async () => {
    const { platform, one, two, first, second } = await twoWindows();
    const path = await stagedPath(platform, one, first);
    for (const { agent } of [first, second]) {
      const refused = await refusalOf(send(agent, two.id, path));
      expect(refused.message).toContain(`was received at workspace ${one.id}`);
    }
    expect(platform.requests.matching('POST /workspaces/:id/chat/uploads')).toHaveLength(1);
    expect((await send(second.agent, one.id, `workspace:${path}`)).attachments).toBe(1);
  });

  it('refuses a staged file while nobody can say where it came from, and says so', async () => {
    const { platform, one, first, shared } = await twoWindows();
    const path = await stagedPath(platform, one, first);
    // Somebody else's windows are not reached.
    const apart = { ...shared, runTimeFolder: createTempFolder('apart') };
    const deaf = { ...apart, env: { ...shared.env, MOLECULE_MCP_DISABLE_INBOX: '1' } };
    const { agent } = await openBridgeWindow(platform, deaf);
    expect((await refusalOf(send(agent, one.id, path))).message).toContain('cannot be used at present');
  });

  it('refuses what lies among the staged files and no log of this agent names (W-55)', async () => {
    const { one, first, second, uploads } = await twoWindows();
    const names = [
      `${'0123456789abcdef'.repeat(2)}-strange.txt`,
      '0123456789ab4def8123456789abcdef-other.txt',
    ];
    for (const name of names) await writeFile(join(uploads, name), "another agent's");
    for (const { agent } of [first, second])
      for (const name of names) {
        const refused = await refusalOf(send(agent, one.id, join(uploads, name)));
        expect(refused.message).toContain("bridge's own state");
      }
  });

  it('shows the history with the files that the other one has staged', async () => {
    const { platform, one, first, second } = await twoWindows();
    const path = await stagedPath(platform, one, first);
    const request = { peerId: 'user', limit: 10, sourceWorkspaceId: one.id };
    const entries = await second.agent.directory.history(request, calmly);
    expect(JSON.stringify(entries)).toContain(JSON.stringify(path));
  });

  it('knows through which workspace a peer has written, however its id is spelled', async () => {
    const { platform, two, first, second } = await twoWindows();
    const peer = await createPollWorkspace(platform, 'peer');
    await sayAsPeer(platform, peer, two, 'hello');
    await first.holds(1);
    for (const { agent } of [first, second]) {
      const request = { workspaceId: peer.id.toUpperCase(), task: 'answer me', waitMs: 5_000 };
      expect(await agent.outbox.delegate(request, calmly)).toMatchObject({ sourceWorkspaceId: two.id });
    }
  });
});
