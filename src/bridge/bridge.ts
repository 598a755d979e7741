import { setTimeout as pause } from 'node:timers/promises';
import { filter, map, merge, type Observable, Subject } from 'rxjs';
import { createDeliveryLock } from '../../adapters/delivery-lock/delivery-lock.ts';
import { runTimeFolder } from '../../adapters/delivery-lock/run-time-folder.ts';
import { createAgents } from '../../adapters/platform/agents.ts';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import type { WorkspaceFact } from '../../machines/workspace/events.ts';
import { createSlots } from '../../streams/slots.ts';
import type { Config } from '../config/config.ts';
import { networkOf } from '../config/network.ts';
import type { StoredEvent } from '../domain/events.ts';
import { defaultOfferRules } from '../domain/inbox/offer-plan.ts';
import { stateToJson } from '../domain/inbox/state-json.ts';
import type { InboxMessage } from '../domain/message.ts';
import type { AgentPort, BridgeStatus } from '../domain/ports/agent.ts';
import type { Disk } from '../domain/ports/disk.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import { renderWorkspaceNotice } from '../domain/rendering/render-workspace-notice.ts';
import { createOwnUploads } from '../outbox/own-uploads.ts';
import { createTaskBoard } from '../outbox/task-board.ts';
import { createSpectators, type See, type Spectator } from '../recording/spectators.ts';
import { createAgentPort } from './agent-port.ts';
import { composeWorkspace } from './compose-workspace.ts';
import type { Delivering } from './delivering.ts';
import { followLedger, recordFact } from './follow-ledger.ts';
import { changedMessages } from './inbox/changed-messages.ts';
import { everyMessage } from './inbox/every-message.ts';
import { createHearing } from './inbox/hearing.ts';
import { createInbox, type Inbox, type InboxSource } from './inbox/inbox.ts';
import { type Host, type Offering, startOffering } from './inbox/offering.ts';
import { type Pace, realPace } from './pacing/pace.ts';
import { createRequestBudgets } from './pacing/request-budget.ts';
import { watchSleep } from './pacing/sleep-watch.ts';
import { defaultLimits, type InboxLimits } from './room.ts';
import { askBacklog, bridgeStatus, workspaceStatus } from './status.ts';
import { createSupervision } from './supervision.ts';
import type { Surroundings } from './surroundings.ts';
import { createWindows } from './windows/windows.ts';
import type { Workspace } from './workspace.ts';

/** All configured workspaces at work: registered, present, followed, their messages in one durable inbox. */
export interface Bridge {
  /** What an agent may ask. */
  readonly agent: AgentPort;
  readonly inbox: Inbox;
  /** Resolves with a fault of ours that ended all work; what is durable waits for the next start. */
  readonly failed: Promise<unknown>;
  /** Durable events of all workspaces, as they come. */
  readonly events$: Observable<{ readonly workspaceId: string; readonly event: StoredEvent }>;
  /** Every message that waits, then every one that comes. */
  readonly messages$: Observable<InboxMessage>;
  /** Begins; resolves once every workspace's log is open, or has failed to open, or belongs to another window. */
  start(): Promise<void>;
  /** Hands messages to a host from now on. */
  offerTo(host: Host): void;
  /** Tells a spectator where everything stands, and then all that happens; the result ends it. */
  watch(spectator: Spectator): () => void;
  /** Ends everything: no further request, no partial file, no open handle. */
  stop(): Promise<void>;
}

/** What a bridge is made of. */
export interface BridgeParts {
  readonly config: Config;
  readonly directory: StateDirectory;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** What the streams are timed by; default the world's. */
  readonly pace?: Pace;
  /** How much of each workspace may wait; default 20,000 messages, 64 MiB. */
  readonly limits?: InboxLimits;
  /** Where the user's windows meet; default the one place that all of them know. */
  readonly runTimeFolder?: string;
  /** The host's MCP roots as local paths; null when it offers none. */
  readonly offeredRoots?: () => Promise<readonly string[] | null>;
}

/** Composes a bridge; nothing happens before `start`. */
export function createBridge(parts: BridgeParts): Bridge {
  const { config, directory, disk, logger, clock = Date.now } = parts;
  const { options } = config;
  const stopping = new AbortController();
  const agents = createAgents({ files: options.uploadsInAll }, networkOf(config));
  const events$ = new Subject<{ readonly workspaceId: string; readonly event: StoredEvent }>();
  const moved$ = new Subject<void>();
  const lock = createDeliveryLock({ folder: parts.runTimeFolder ?? runTimeFolder(), disk, logger });
  const spectators = createSpectators(clock);
  const hearing = createHearing(clock);
  let host: Host | null = null;
  let hostReadyAtMs: number | null = null;
  const shared: Surroundings = {
    options,
    directory,
    disk,
    lock,
    agents,
    sharedSlots: createSlots(options.uploadsInAll),
    budgetOf: createRequestBudgets(config.workspaces.map(({ platformUrl }) => platformUrl)),
    ownUploads: createOwnUploads(async (workspaceId, command) => {
      if (options.disableInbox) return;
      if (command.type === 'noteSending' || command.type === 'noteSent')
        await windows.record(workspaceId, command);
    }),
    tasks: createTaskBoard(clock),
    spectators,
    limits: parts.limits ?? defaultLimits,
    crowd: config.workspaces.length,
    hostStalled: () => host?.stalled ?? false,
    hostPresence: () => ({ isPresent: host !== null, readyAtMs: hostReadyAtMs }),
    logger,
    clock,
    pace: parts.pace ?? realPace,
    startedAtMs: clock(),
  };

  const workspaces = new Map<string, Workspace>();
  for (const entry of config.workspaces) {
    workspaces.set(
      entry.id,
      composeWorkspace(entry, shared, {
        onDelivering: (delivering) => follow(entry.id, delivering),
        onLost: () => lose(entry.id),
      }),
    );
  }
  /** What a machine that has just started is told once more. */
  const tellRoomOf = new Map<string, () => void>();
  const supervision = createSupervision({
    workspaces,
    budgetOf: shared.budgetOf,
    options,
    logger,
    onFact: record,
    onStarted: (workspaceId) => tellRoomOf.get(workspaceId)?.(),
  });
  const released$ = events$.pipe(
    map(({ event }) => (event.type === 'message.released' ? event.data.activityId : null)),
    filter((activityId) => activityId !== null),
  );
  const changed$ = events$.pipe(
    map(({ workspaceId, event }) => {
      const state = ledgerOf(workspaceId)?.state;
      return state ? changedMessages(event, state) : null;
    }),
    filter((activityIds) => activityIds !== null),
  );
  const inbox = createInbox({
    sources,
    arrivals$: merge(released$, moved$),
    named: shared.crowd > 1,
    onRead: hearing.noteRead,
  });
  const ownStatus = (workspace: Workspace) =>
    workspaceStatus(workspace, supervision.snapshotOf(workspace.id), hearing);
  const windows = createWindows({
    lock,
    workspaces,
    sources,
    arrivals$: released$,
    moved$,
    local: inbox,
    named: shared.crowd > 1,
    ownStatus,
    wholeStatus: (workspace) => askBacklog(workspace, ownStatus(workspace), clock()),
    onRead: hearing.noteRead,
    stopping: stopping.signal,
  });
  let offering: Offering | null = null;
  let watching = () => {};

  function sources(): readonly InboxSource[] {
    return [...workspaces.values()].flatMap(({ id, platformUrl, delivering }) => {
      const ledger = delivering()?.ledger;
      return ledger ? [{ workspaceId: id, platformUrl, ledger }] : [];
    });
  }

  function ledgerOf(workspaceId: string) {
    return workspaces.get(workspaceId)?.delivering()?.ledger;
  }

  function record(workspaceId: string, fact: WorkspaceFact): void {
    if (fact.type === 'token.refused' || fact.type === 'workspace.removed')
      offering?.tell(renderWorkspaceNotice(workspaceId, fact.type));
    const ledger = ledgerOf(workspaceId);
    if (ledger) recordFact(ledger, fact);
  }

  function follow(workspaceId: string, { ledger }: Delivering): void {
    spectators.see('ledger.opened', workspaceId, () => ({ state: stateToJson(ledger.state) }));
    const tellRoom = followLedger({
      workspaceId,
      ledger,
      limits: shared.limits,
      logger,
      tell: (news) => supervision.tell(workspaceId, news),
      onEvent(event) {
        spectators.see('event.appended', workspaceId, () => ({ event }));
        events$.next({ workspaceId, event });
      },
    });
    tellRoomOf.set(workspaceId, tellRoom);
    moved$.next();
  }

  function lose(workspaceId: string): void {
    supervision.tell(workspaceId, { type: 'delivery.lost' });
    moved$.next();
  }

  async function status(): Promise<BridgeStatus> {
    return bridgeStatus(await Promise.all([...workspaces.keys()].map(windows.statusOf)));
  }

  /** For a spectator who comes while things run: what is open, where the machines are, and their moves from now on. */
  function beginWatching(see: See): () => void {
    for (const { workspaceId, ledger } of sources())
      see('ledger.opened', workspaceId, () => ({ state: stateToJson(ledger.state) }));
    const unwatch = [
      supervision.watchMoves((workspaceId, move) => see('machine.moved', workspaceId, () => move)),
      offering?.watchMoves((move) => see('machine.moved', '', () => move)),
    ];
    return () => {
      for (const end of unwatch) end?.();
    };
  }

  return {
    agent: createAgentPort({
      workspaces: [...workspaces.values()],
      shared,
      windows,
      status,
      offeredRoots: parts.offeredRoots ?? (async () => null),
      stopping: stopping.signal,
    }),
    inbox,
    failed: supervision.failed,
    events$,
    messages$: everyMessage({ inbox, released$, opened$: moved$ }),
    async start() {
      supervision.start();
      watching = watchSleep({
        clock,
        onWoken(sleptMs) {
          logger.info(
            `the process stood still for ${Math.round(sleptMs / 1000)} s: asking at once what came`,
          );
          // Sockets that were open before are dead more often than not, and do not say so.
          agents.close();
          supervision.tellAll({ type: 'clock.jumped' });
        },
      });
      const opened = Promise.all([...workspaces.values()].map((workspace) => workspace.opened));
      await Promise.race([
        opened,
        pause(OPEN_WITHIN_MS, undefined, { ref: false, signal: stopping.signal }),
      ]).catch(() => {});
    },
    offerTo(reader) {
      host = reader;
      reader.initialized.then(() => {
        hostReadyAtMs ??= clock();
      });
      offering = startOffering({
        host: reader,
        sources,
        changed$: merge(changed$, moved$.pipe(map(() => []))),
        named: shared.crowd > 1,
        rules: { ...defaultOfferRules, pushWindow: options.pushWindow },
        clock,
        logger,
      });
    },
    watch: (spectator) => spectators.watch(spectator, beginWatching),
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort(new Error('the bridge stops'));
      watching();
      offering?.stop();
      supervision.stop();
      // Whatever is still about to ask, nothing leaves from here on.
      for (const { platform } of workspaces.values()) platform.close();
      await Promise.all([...workspaces.values()].map((workspace) => workspace.letGo()));
      // What it leaves in the run-time folder, the next window removes.
      await lock.close().catch(() => {});
      events$.complete();
      agents.close();
    },
  };
}

/** How long a start waits for the logs, which open in milliseconds unless another window delivers. */
const OPEN_WITHIN_MS = 1_000;
