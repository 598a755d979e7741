import { orAborted } from './or-aborted.ts';

/**
 * Keeps the agent's own uploads apart from the user's. A file sent up comes back as an upload row in the agent's own feed
 * (§7.6), often before the upload's reply has named its id; fetched and acknowledged, it would be gone for the user (W-39).
 *
 * So the seam is: the sender opens a window before the first byte leaves and closes it with the ids from the reply.
 * Whoever is about to fetch an announced file asks {@link OwnUploads.isForeign} first; while a window is open that the
 * file could belong to (same workspace, same size), that question waits. Rows are taken into the log as ever: neither
 * the cursor nor a message without that very file is held up. Across restarts the log's `upload.created` remembers.
 */
export interface OwnUploads {
  begin(workspaceId: string, sizes: readonly number[]): OwnUploadWindow;
  /** Resolves true for a file to fetch, false for an own one. Rejects with the signal's reason. */
  isForeign(
    workspaceId: string,
    file: { readonly fileId: string; readonly size: number | null },
    signal: AbortSignal,
  ): Promise<boolean>;
}

/** From before the first byte of an own upload until its outcome is known. */
export interface OwnUploadWindow {
  /**
   * Makes the ids durable as own, then lets waiting questions be answered. To be called exactly once, with no ids when
   * the upload failed. Rejects when the log could not take them; they are known as own in this process all the same.
   */
  close(fileIds: readonly string[]): Promise<void>;
}

/** `record` commits `upload.created` to the workspace's log (the command `noteOwnUpload`). */
export function createOwnUploads(record: (workspaceId: string, fileId: string) => Promise<void>): OwnUploads {
  const own = new Set<string>();
  const windows = new Set<OpenWindow>();

  return {
    begin(workspaceId, sizes) {
      let letGo = () => {};
      const closed = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const window = { workspaceId, sizes: new Set(sizes), closed };
      windows.add(window);
      return {
        async close(fileIds) {
          try {
            for (const fileId of fileIds) own.add(fileId);
            for (const fileId of fileIds) await record(workspaceId, fileId);
          } finally {
            windows.delete(window);
            letGo();
          }
        },
      };
    },

    async isForeign(workspaceId, { fileId, size }, signal) {
      const couldHold = (window: OpenWindow) =>
        window.workspaceId === workspaceId && (size === null || window.sizes.has(size));
      for (
        let window = find(windows, couldHold);
        window && !own.has(fileId);
        window = find(windows, couldHold)
      ) {
        await orAborted(window.closed, signal);
      }
      signal.throwIfAborted();
      return !own.has(fileId);
    },
  };
}

interface OpenWindow {
  readonly workspaceId: string;
  readonly sizes: ReadonlySet<number>;
  readonly closed: Promise<void>;
}

function find<Item>(items: Iterable<Item>, matches: (item: Item) => boolean): Item | undefined {
  for (const item of items) if (matches(item)) return item;
  return undefined;
}
