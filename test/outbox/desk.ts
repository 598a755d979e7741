import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NEVER } from 'rxjs';
import { onTestFinished } from 'vitest';
import { createDisk } from '../../adapters/disk/disk.ts';
import { openEventLog } from '../../adapters/event-log/event-log.ts';
import { createPlatform } from '../../adapters/platform/platform.ts';
import { createInbox } from '../../src/bridge/inbox/inbox.ts';
import { createPeerSightings } from '../../src/directory/peer-sightings.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import { AgentError, type CallContext } from '../../src/domain/ports/agent.ts';
import type { WorkspacePlatform } from '../../src/domain/ports/platform.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { AttachmentSources, OutboxDeps, OwnWorkspace } from '../../src/outbox/deps.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { createOwnUploads } from '../../src/outbox/own-uploads.ts';
import { createTaskBoard } from '../../src/outbox/task-board.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** A call that nobody cancels. */
export const calmly: CallContext = { signal: new AbortController().signal };

/** One own workspace of a desk, with what a test looks at. */
export interface DeskWorkspace extends OwnWorkspace {
  readonly token: string;
  readonly ledger: Ledger;
}

/** How a desk differs from an ordinary one. */
export interface DeskOptions {
  /** Own workspaces; one by default. */
  readonly count?: number;
  readonly rowsCarrySeq?: boolean;
  readonly attachments?: Partial<AttachmentSources>;
  readonly deps?: Partial<OutboxDeps>;
}

/**
 * An outbox as the bridge composes it: the real platform adapter, ledgers and inbox, each workspace known to a local
 * platform. The agent's working directory is `project`; `state` is the bridge's own folder.
 */
export async function openDesk(local: LocalPlatform, options: DeskOptions = {}) {
  const folder = createTempFolder('desk');
  const [project, state] = ['project', 'state'].map((name) => join(folder, name)) as [string, string];
  for (const made of [project, state]) mkdirSync(made);
  const logger = recordingLogger();
  const stopping = new AbortController();

  const workspaces: DeskWorkspace[] = [];
  for (let n = 1; n <= (options.count ?? 1); n += 1) {
    const { id, token } = local.createWorkspace({ name: `own-${n}` });
    workspaces.push({
      id,
      token,
      platformUrl: local.url,
      platform: openPlatform(local, id, token),
      rowsCarrySeq: () => options.rowsCarrySeq ?? local.profile() === 'head',
      ledger: await openLedgerIn(join(state, id)),
    });
  }
  const sources = workspaces.map(({ id, platformUrl, ledger }) => ({ workspaceId: id, platformUrl, ledger }));
  const inbox = createInbox({ sources: () => sources, arrivals$: NEVER, named: workspaces.length > 1 });
  const ledgerOf = (id: string) => workspaces.find((workspace) => workspace.id === id)?.ledger as Ledger;

  const deps: OutboxDeps = {
    workspaces,
    inbox: {
      find: async (activityId) => inbox.find(activityId),
      popAnswered: async (_workspaceId, activityId) => (await inbox.pop(activityId, 'answer')).removed,
      arrivedThrough: async (peerId) =>
        workspaces
          .filter(({ ledger }) =>
            [...ledger.state.inbox.values()].some(({ message }) => message.peer_id === peerId),
          )
          .map(({ id }) => id),
      async deliverLateAnswer(workspaceId, message) {
        const atMicros = Date.parse(message.created_at) * 1000;
        await ledgerOf(workspaceId).commit({ type: 'takeAnswer', message, atMicros });
      },
    },
    attachments: {
      configuredRoots: null,
      offeredRoots: async () => null,
      closedFolders: [state],
      stagedAt: async () => null,
      workingDirectory: project,
      homeDirectory: join(folder, 'home'),
      ...options.attachments,
    },
    ownUploads: createOwnUploads((workspaceId, command) => ledgerOf(workspaceId).commit(command)),
    peers: createPeerSightings(),
    tasks: createTaskBoard(Date.now),
    clock: Date.now,
    logger,
    stopping: stopping.signal,
    repeatPausesMs: [1, 1],
    lookEveryMs: 1,
    ...options.deps,
  };
  onTestFinished(async () => {
    stopping.abort();
    await Promise.all(workspaces.map(({ ledger }) => ledger.close()));
  });
  const own = workspaces[0] as DeskWorkspace;
  return { outbox: createOutbox(deps), deps, inbox, logger, stopping, project, state, workspaces, own };
}

/** Reads the feed of a workspace once, as the feed reader does; its messages wait in the inbox then. */
export async function receive({ id, platform, ledger }: DeskWorkspace): Promise<readonly InboxMessage[]> {
  const { rows } = await platform.readActivity({ limit: 500, sinceSecs: 600 }, calmly.signal);
  const classified = [...rows].reverse().map((row) => classifyRow(row, id));
  await ledger.commit({ type: 'takeRows', opened: null, rows: classified, advanced: null });
  for (const activityId of [...ledger.state.held.keys()]) {
    await ledger.commit({ type: 'releaseMessage', activityId, outcomes: [] });
  }
  return [...ledger.state.inbox.values()].map(({ message }) => message);
}

/** The refusal that a call ends with; anything else fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<AgentError> {
  const outcome = await call.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof AgentError) return outcome;
  throw outcome;
}

function openPlatform(local: LocalPlatform, workspaceId: string, token: string): WorkspacePlatform {
  const platform = createPlatform({
    baseUrl: local.url,
    workspaceId,
    credentials: { token: () => token },
    deadlines: { callMs: 5_000, peerMs: 10_000, transferMs: 10_000 },
    logger: recordingLogger(),
  });
  onTestFinished(() => platform.close());
  return platform;
}

async function openLedgerIn(folder: string): Promise<Ledger> {
  mkdirSync(folder);
  const logger = recordingLogger();
  return openLedger({ log: openEventLog({ folder, disk: createDisk({ logger }), logger }), clock: Date.now });
}
