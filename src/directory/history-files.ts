import type { HistoryEntry } from '../domain/ports/agent.ts';
import type { DirectoryDeps } from './deps.ts';
import type { FindUpload } from './history-entry.ts';

/** Makes one entry of what was served, or none. */
export type ReadEntry = (raw: unknown, workspaceId: string, findUpload: FindUpload) => HistoryEntry | null;

/** Makes the entries of a page, in its order. */
export type ReadEntries = (page: readonly unknown[]) => Promise<readonly HistoryEntry[]>;

/** Reads pages twice: for the files that they name, and then with what the log knows of those, asked for at once. */
export function withFiles(
  workspaceId: string,
  { findUploads }: Pick<DirectoryDeps, 'findUploads'>,
): (read: ReadEntry) => ReadEntries {
  return (read) => async (page) => {
    const named = new Set<string>();
    const note = (fileId: string) => {
      named.add(fileId);
      return null;
    };
    for (const raw of page) read(raw, workspaceId, note);
    const known = named.size === 0 ? null : await findUploads(workspaceId, [...named]);
    return page.flatMap((raw) => read(raw, workspaceId, (fileId) => known?.get(fileId) ?? null) ?? []);
  };
}
