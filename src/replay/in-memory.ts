import type { StoredEvent } from '../domain/events.ts';
import { type InboxState, initialState } from '../domain/inbox/inbox-state.ts';
import { stateFromJson, stateToJson } from '../domain/inbox/state-json.ts';
import type { EventLog, FileStore } from '../domain/ports/storage.ts';

/** A log that begins with a state and tells what is appended instead of keeping it. */
export function createMemoryLog(initial: InboxState, onEvent: (event: StoredEvent) => void): EventLog {
  return {
    load: async () => ({ state: copyOf(initial), tail: [] }),
    append: async (events) => events.forEach(onEvent),
    saveSnapshot: async () => {},
    compact: async () => {},
    sizeBytes: 0,
    close: async () => {},
  };
}

/** A state that shares nothing that `evolve` changes with the one given. */
export function copyOf(state: InboxState): InboxState {
  return stateFromJson(stateToJson(state)) ?? initialState();
}

/** A store of files that have a path (the recorded one, if there was any) and the expected length, and no bytes. */
export function createMemoryFiles(pathOf: (fileId: string) => string | null): FileStore {
  return {
    stage: async ({ fileId, name, expectedBytes }) => ({
      path: pathOf(fileId) ?? `replayed/${fileId.replaceAll('-', '')}-${name}`,
      bytes: expectedBytes[0] ?? 0,
    }),
    holds: async () => true,
    remove: async () => {},
    sweep: async () => {},
  };
}
