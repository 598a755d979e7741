/// <reference lib="dom" />
import type { CanvasPlatform } from './platform.ts';

/** The message that is being written: its files, and what was done for it already. */
export interface Draft {
  readonly files: readonly File[];
  add(files: readonly File[]): void;
  leaveOut(file: File): void;
  /**
   * Uploads the files, says the text and cites them; what was sent is then no longer in the draft. When it fails the draft
   * stays, and the next try says the same under the same id, uploading no file twice.
   */
  send(platform: CanvasPlatform, workspaceId: string, text: string): Promise<void>;
}

/** An empty draft; `onFiles` hears of every change of its files. */
export function createDraft(onFiles: () => void): Draft {
  let files: readonly File[] = [];
  let tried = { key: '', messageId: '' };
  /** By workspace and file: how the platform names it. */
  const uploaded = new Map<string, Map<File, unknown>>();

  function change(changed: readonly File[]): void {
    files = changed;
    onFiles();
  }

  return {
    get files() {
      return files;
    },
    add: (added) => change([...files, ...added]),
    leaveOut: (file) => change(files.filter((kept) => kept !== file)),
    async send(platform, workspaceId, text) {
      const sent = files;
      const there = uploaded.get(workspaceId) ?? new Map<File, unknown>();
      uploaded.set(workspaceId, there);
      const missing = sent.filter((file) => !there.has(file));
      const cited = missing.length === 0 ? [] : await platform.upload(workspaceId, missing);
      for (const [index, file] of missing.entries()) there.set(file, cited[index]);
      const references = sent.map((file) => there.get(file));
      const key = JSON.stringify([workspaceId, text, references]);
      if (key !== tried.key) tried = { key, messageId: crypto.randomUUID() };
      await platform.say(workspaceId, tried.messageId, text, references);
      tried = { key: '', messageId: '' };
      uploaded.clear();
      change(files.filter((file) => !sent.includes(file)));
    },
  };
}
