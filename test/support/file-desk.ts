import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attachment, InboxMessage } from '../../src/domain/message.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { LocalPlatformOptions } from '../../src/local-platform/options.ts';
import type { SeenRequest } from '../../src/local-platform/request-log.ts';
import { type BridgeProcess, startBridgeProcess } from './bridge-process.ts';
import { bundledProgram } from './bundled-program.ts';
import {
  createPollWorkspace,
  startTestPlatform,
  type TestFile,
  type TestWorkspace,
  type UploadedFile,
  uploadAsUser,
} from './local-platform.ts';
import { createTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** The route by which a file's bytes come. */
export const CONTENT = 'GET /workspaces/:id/pending-uploads/:fileId/content';
/** The route by which a file is acknowledged. */
export const ACK = 'POST /workspaces/:id/pending-uploads/:fileId/ack';

/** A platform with one workspace, and where the bridge keeps its files; the bridge starts when a test says so. */
export interface FileDesk {
  readonly platform: LocalPlatform;
  readonly workspace: TestWorkspace;
  readonly stateFolder: string;
  /** Starts the program (again); a message waits 30 s for its files unless `env` says otherwise. `roots` are the host's. */
  start(env?: Readonly<Record<string, string>>, roots?: readonly string[]): Promise<BridgeProcess>;
  /** Uploads as the user and says what the chat would cite. */
  upload(...files: readonly TestFile[]): Promise<readonly UploadedFile[]>;
  /** Writes a chat row that cites files, which nobody needs to have announced. */
  cite(text: string, files: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** Requests that the platform saw for files' contents, or acknowledgements. */
  requests(route: string): readonly SeenRequest[];
  /** Names of the files that are staged for the workspace, temps included. */
  staged(): Promise<readonly string[]>;
}

/** Prepares a desk that ends with the test. */
export async function openFileDesk(options: LocalPlatformOptions = {}): Promise<FileDesk> {
  const platform = await startTestPlatform(options);
  const workspace = await createPollWorkspace(platform);
  const stateFolder = createTempFolder('state');
  const program = await bundledProgram();
  return {
    platform,
    workspace,
    stateFolder,
    start: (env = {}, roots) =>
      startBridgeProcess(platform, {
        workspaces: [workspace],
        stateFolder,
        program,
        env,
        ...(roots ? { roots } : {}),
      }),
    upload: (...files) => uploadAsUser(platform, workspace, files),
    async cite(text, files) {
      const parts = [{ kind: 'text', text }, ...files.map((file) => ({ kind: 'file', file }))];
      await platform.writeRow(workspace.id, {
        activityType: 'a2a_receive',
        method: 'message/send',
        targetId: workspace.id,
        summary: 'message/send',
        requestBody: { jsonrpc: '2.0', method: 'message/send', params: { message: { role: 'user', parts } } },
      });
    },
    requests: (route) => platform.requests.matching(route),
    staged: async () => (await Promise.all(stagingFolders(stateFolder).map(namesIn))).flat(),
  };
}

/** Resolves with the attachments of the first message that waits, once they stand like this. */
export async function attachmentsOf(
  bridge: BridgeProcess,
  ...statuses: readonly string[]
): Promise<readonly Attachment[]> {
  const message = await until(
    async () => {
      const [first] = await bridge.peek();
      return first && isLike(first, statuses) ? first : null;
    },
    `a message whose files are ${statuses.join(', ')}`,
  );
  return message.attachments ?? [];
}

function isLike({ attachments = [] }: InboxMessage, statuses: readonly string[]): boolean {
  return JSON.stringify(attachments.map(({ status }) => status)) === JSON.stringify(statuses);
}

/** The row by which the platform announces a file, to be written (again) by a test. */
export function rowOf(file: UploadedFile, workspaceId: string) {
  return {
    activityType: 'a2a_receive',
    method: 'chat_upload_receive',
    targetId: workspaceId,
    summary: `chat_upload_receive: ${file.name}`,
    requestBody: { file_id: file.uri.split('/').at(-1), ...file },
  };
}

function stagingFolders(stateFolder: string): readonly string[] {
  const workspaces = join(stateFolder, 'workspaces');
  if (!existsSync(workspaces)) return [];
  return readdirSync(workspaces).map((name) => join(workspaces, name, 'files'));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
