import { createActor } from 'xstate';
import { createSlots } from '../../streams/slots.ts';
import { startDelivering } from '../bridge/delivering.ts';
import { hasRoom } from '../bridge/room.ts';
import { createWorkspace } from '../bridge/workspace.ts';
import { provideWorkspaceMachine } from '../bridge/workspace-actors.ts';
import { defaultCursorRules } from '../domain/cursor/cursor-position.ts';
import { DEFAULT_FILE_QUOTA } from '../domain/files/file-quota.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { tapPlatform } from '../recording/tap-platform.ts';
import { watchMachine } from '../recording/watch-machine.ts';
import { startActs } from './acts.ts';
import { createMemoryFiles, createMemoryLog } from './in-memory.ts';
import { createRecordedPlatform } from './recorded-platform.ts';
import { endRun, type Run, type Until } from './run.ts';
import type { Script } from './script.ts';
import { createVirtualTime } from './virtual-time.ts';

/**
 * Plays a script through the bridge's own streams, rules and workspace machine on a virtual clock. The same script comes
 * to the same run, byte for byte, whenever and wherever it is played.
 */
export async function playRows(script: Script, until: Until = {}): Promise<Run> {
  const { workspaceId, recorded } = script;
  // What waits by chance, waits no longer than it may have when it was recorded.
  const time = createVirtualTime(script.beginMs, recorded === null ? 0.5 : 0);
  const frames: Frame[] = [];
  const seen = () => ({ at: new Date(time.now()).toISOString(), workspaceId });
  const awaited = new Set(recorded?.released);
  let ledger: Ledger | null = null;

  const recordedPlatform = createRecordedPlatform(script, time);
  const tapped = tapPlatform(recordedPlatform, {
    isOpen: () => true,
    statusOf: () => 200,
    row: (row) => frames.push({ ...seen(), type: 'row.served', data: { row } }),
    reply: (call, status, kind) =>
      frames.push({ ...seen(), type: 'reply.received', data: { call, status, kind } }),
  });
  // The wake-ups are the replay's own: no reply to tell of.
  const platform = { ...tapped, wakeUps: recordedPlatform.wakeUps };
  const workspace = createWorkspace({
    id: workspaceId,
    platformUrl: '',
    platform,
    credentials: { token: () => '', refresh: async () => false },
    card: { name: '', skills: [] },
    beat: () => ({
      errorRate: 0,
      sampleError: '',
      activeTasks: 0,
      uptimeSeconds: 0,
      currentTask: '',
      runtimeState: '',
    }),
    deliver: () =>
      startDelivering({
        workspaceId,
        platform,
        log: createMemoryLog(script.initial, (event) =>
          frames.push({ ...seen(), type: 'event.appended', data: { event } }),
        ),
        files: createMemoryFiles((fileId) => recordedPath(script, fileId)),
        rules: { ...defaultCursorRules, ...(recorded && { lagMs: recorded.rules.cursorLagSecs * 1000 }) },
        uploads: {
          deadlineMs: (recorded?.rules.uploadDeadlineSecs ?? UPLOAD_DEADLINE_SECS) * 1000,
          lonelyAfterMs: (recorded?.rules.uploadNoticeSecs ?? UPLOAD_NOTICE_SECS) * 1000,
          maxBytes: async () => ({ bytes: Number.MAX_SAFE_INTEGER, isKnown: true }),
          quota: DEFAULT_FILE_QUOTA,
          ownSlots: createSlots(TRANSFERS),
          sharedSlots: createSlots(TRANSFERS),
        },
        logger: { info() {}, warn() {}, error() {} },
        hasRoom,
        keepPoppedMs: Number.POSITIVE_INFINITY,
        importedCursor: async () => null,
        clock: time.now,
        pace: time.pace,
      }),
    onDelivering: (delivering) => {
      ledger = delivering.ledger;
      ledger.events$.subscribe((event) => {
        if (event.type === 'message.released') awaited.delete(event.data.activityId);
        acts.goOn();
      });
    },
  });
  const actor = createActor(
    provideWorkspaceMachine(() => workspace, time.pace),
    {
      clock: time.machineClock,
      input: { workspaceId, random: time.pace.random, now: time.now },
      logger: () => {},
    },
  );
  actor.on('fact', ({ event }) => {
    const fact =
      event.type === 'feed.cursorExpired'
        ? { type: event.type, data: { cursorId: ledger?.state.feed?.cursor?.id ?? '' } }
        : event;
    void ledger?.commit({ type: 'recordFact', fact });
  });
  const stopWatching = watchMachine(actor, 'workspace', (data) =>
    frames.push({ ...seen(), type: 'machine.moved', data }),
  );
  const acts = startActs(script.acts, time, () => ledger);
  const isPast = () => (ledger?.state.seq ?? 0) > (until.seq ?? Number.POSITIVE_INFINITY);

  actor.start();
  await time.runUntil(Math.min(script.endMs, until.atMs ?? Number.POSITIVE_INFINITY), isPast);
  // A replay may be late by a moment: nothing that was recorded is missed for that.
  if (until.atMs === undefined)
    await time.runUntil(script.endMs + LATE_MS, () => isPast() || (awaited.size === 0 && acts.areDone()));
  stopWatching();
  actor.stop();
  await workspace.letGo();
  return endRun(workspaceId, script.initial, frames, until);
}

const UPLOAD_DEADLINE_SECS = 30;
const UPLOAD_NOTICE_SECS = 60;
const LATE_MS = 60_000;
const TRANSFERS = 8;

function recordedPath({ transfers }: Script, fileId: string): string | null {
  const outcome = transfers.get(fileId)?.at(-1)?.outcome;
  return outcome?.status === 'staged' ? outcome.path : null;
}
