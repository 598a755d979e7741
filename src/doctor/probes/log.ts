import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceFolderName } from '../../../adapters/state-directory/state-directory.ts';
import type { StoredEvent } from '../../domain/events.ts';
import { fold } from '../../domain/inbox/inbox-evolve.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import { readEventLog } from '../../replay/read-event-log.ts';

/** What is kept of a workspace on this machine. */
export type LogFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | {
      readonly kind: 'kept';
      readonly state: InboxState;
      /** The events since the log was last compacted. */
      readonly events: readonly StoredEvent[];
    };

/** Reads a workspace's log and folds it, changing nothing: a bridge may be writing to it. `folder` is the workspace's. */
export async function readLog(folder: string): Promise<LogFacts> {
  const path = join(folder, 'events.jsonl');
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? { kind: 'none' } : { kind: 'damaged', reason: String(error) };
  }
  try {
    const [source] = readEventLog(path, text.split('\n'));
    if (source?.kind !== 'log') return { kind: 'none' };
    const { initial, events } = source.log;
    return { kind: 'kept', state: fold(events, initial), events };
  } catch (error) {
    return { kind: 'damaged', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The folder in which a state directory keeps a workspace. */
export function logFolder(
  stateFolder: string,
  workspace: { readonly id: string; readonly platformUrl: string },
): string {
  return join(stateFolder, 'workspaces', workspaceFolderName(workspace));
}
