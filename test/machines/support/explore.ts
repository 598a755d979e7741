import { type AnyEventObject, getNextTransitions, type SnapshotFrom } from 'xstate';
import type { TraversalOptions } from 'xstate/graph';
import type { AccessVerdict } from '../../../machines/workspace/actors.ts';
import type { WorkspaceInput } from '../../../machines/workspace/context.ts';
import type { WorkspaceEvent } from '../../../machines/workspace/events.ts';
import type { workspaceMachine } from '../../../machines/workspace.ts';
import { StorageError } from '../../../src/domain/ports/storage.ts';
import type { PlatformErrorKind } from '../../../src/domain/wire/platform-error.ts';
import { refusal } from './scripted-workspace.ts';

/** A snapshot of the workspace machine. */
export type Snapshot = SnapshotFrom<typeof workspaceMachine>;

/**
 * How `xstate/graph` walks the workspace machine: every event that a state knows, with each reply and each error that
 * makes a difference. Two snapshots are one when value and flags agree: counts, times and pauses lead nowhere else.
 */
export function explore(
  input: Partial<WorkspaceInput> = {},
): TraversalOptions<Snapshot, WorkspaceEvent, WorkspaceInput> {
  let nowMs = 0;
  return {
    // Each look at the clock finds minutes gone, so that no earlier verdict weighs on a later refusal.
    input: { workspaceId: 'w', random: () => 0.5, now: () => (nowMs += 120_000), ...input },
    serializeState: ({ value, context: c }) =>
      JSON.stringify([
        value,
        c.inboxFull,
        c.storageFailed,
        c.recoveryDue,
        c.wokenMeanwhile,
        c.lateCommitsDue,
      ]),
    serializeEvent: describeEvent,
    events: (snapshot) => knownTypes(snapshot).flatMap(eventsOfType) as WorkspaceEvent[],
    limit: 20_000,
  };
}

/** A short, unambiguous name of an event: its type, and which reply or error it carries. */
export function describeEvent(event: AnyEventObject): string {
  const { type, error, output } = event as Partial<Reply> & AnyEventObject;
  if (error !== undefined) return `${type} ${error instanceof StorageError ? 'storage' : error.kind}`;
  return output?.verdict === undefined ? type : `${type} ${output.verdict}`;
}

interface Reply {
  readonly error: StorageError | ReturnType<typeof refusal>;
  readonly output: AccessVerdict | { readonly verdict?: undefined };
}

function knownTypes(snapshot: Snapshot): string[] {
  if (snapshot.status !== 'active') return [];
  return [...new Set(getNextTransitions(snapshot).map(({ eventType }) => eventType))].filter(
    (type) => type !== '',
  );
}

function eventsOfType(type: string): AnyEventObject[] {
  const [, how, actor = ''] = /^xstate\.(done|error)\.actor\.(\w+)$/.exec(type) ?? [];
  if (how === 'done')
    return OUTPUTS[actor]?.map((output) => ({ type, output })) ?? [{ type, output: undefined }];
  if (how !== 'error') return [{ type }];
  const refusals = (ERRORS[actor] ?? ['unavailable']).map((kind) => ({ type, error: refusal(kind) }));
  const storesRows = actor === 'poll' || actor === 'recovery';
  return storesRows ? [...refusals, { type, error: new StorageError('full', 'the disk is full') }] : refusals;
}

const OUTPUTS: Readonly<Record<string, readonly unknown[]>> = {
  register: [{ deliveryMode: 'poll' }],
  poll: [{ rows: 1, sinceMicros: 0 }],
  recovery: [{ rows: 1, sinceMicros: 0 }],
  confirmAccess: [
    { verdict: 'accepted' },
    { verdict: 'refused', status: 401 },
    { verdict: 'removed', removedAt: null },
  ],
};

const ERRORS: Readonly<Record<string, readonly PlatformErrorKind[]>> = {
  register: ['unauthorised', 'unavailable'],
  heartbeat: ['unauthorised', 'unavailable'],
  poll: ['unauthorised', 'cursor-gone', 'unavailable'],
  recovery: ['unauthorised', 'cursor-gone', 'unavailable'],
  followWakeUps: ['no-such-route', 'unavailable'],
};
