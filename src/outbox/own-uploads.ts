import { randomUUID } from 'node:crypto';
import type { SentFile } from '../domain/events.ts';
import { sanitiseFileName } from '../domain/files/file-name.ts';
import type { UploadCommand } from '../domain/files/upload-decide.ts';
import { perhapsDone } from './fate.ts';

/**
 * Keeps the agent's own uploads apart from the user's. A file sent up comes back as an upload row in the agent's own feed
 * (§7.6), often before the upload's reply has named its id; fetched and acknowledged, it would be gone for the user (W-39).
 *
 * So the intention is in the workspace's log before the first byte leaves. As long as the ids are not known, a row that
 * looks like one of the files is left alone unless a message cites it, and never acknowledged (`suspectOwn`); what a lost
 * reply or a crash left unclear stays so, over restarts, until the platform has forgotten the file.
 */
export interface OwnUploads {
  /** Resolves once the intention is durable; rejects when the log cannot take it: then nothing may be sent. */
  begin(workspaceId: string, files: readonly SentFile[]): Promise<OwnUploadWindow>;
}

/** From before the first byte of an own upload until its outcome is known; exactly one of the two is to be called. */
export interface OwnUploadWindow {
  /** The platform took the files and gave them these ids. Rejects when the log could not take them. */
  sent(fileIds: readonly string[]): Promise<void>;
  /** The upload failed: what surely did not happen leaves no suspicion behind. */
  failed(error: unknown): Promise<void>;
}

/** `record` commits to the workspace's log. */
export function createOwnUploads(
  record: (workspaceId: string, command: UploadCommand) => Promise<unknown>,
): OwnUploads {
  return {
    async begin(workspaceId, files) {
      const sendingId = randomUUID();
      const looks = files.map(({ name, size }) => ({ name: sanitiseFileName(name), size }));
      await record(workspaceId, { type: 'noteSending', sendingId, files: looks });
      const sent = async (fileIds: readonly string[]) => {
        await record(workspaceId, { type: 'noteSent', sendingId, fileIds });
      };
      return {
        sent,
        async failed(error) {
          if (!perhapsDone(error)) await sent([]);
        },
      };
    },
  };
}
