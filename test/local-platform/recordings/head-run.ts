import type { HeldCommits } from '../../../src/local-platform/faults/commit-faults.ts';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import { type Exchange, readLines } from './exchange.ts';
import { type Listener, listen } from './listen.ts';
import type { Script, Stage } from './play.ts';
import { sendRecorded, writeRecorded } from './script.ts';

type Row = Record<string, unknown>;

/** The feeds as they stood at the end of their part of the run, and whose they are. */
export const headFeeds = {
  chat: '2d027926-0586-4d93-a3c8-16a3582b2c69',
  'delegation-boss-unfiltered': '39571308-4b5d-4db6-b6b9-5e5baef59199',
  'delegation-worker': '1509b97e-9252-4ebe-a75e-8b215f896c92',
  echoes: '9bb9a037-0582-4581-a5e0-949855116f47',
  peer: 'd9d4d715-aece-4623-8be2-9f0199fc4878',
  races: 'cc0d533f-37f5-4f25-b0fa-4161d1cff602',
  'races-upload': 'ccacd354-cd3e-4d74-bcfb-241ea9a6a925',
  uploads: 'bf6be4b6-ce3d-48e4-bf9b-ec0e723c1068',
};
/** A feed of the recording, newest first. */
export const recordedHeadFeed = (name: string): Row[] => readLines<Row>(`head/activity-${name}.ndjson`);
const recordedRows = Object.keys(headFeeds).flatMap(recordedHeadFeed);
/** The events of the recorded wake-up stream. */
export const recordedHeadEvents = readLines<Row>('head/stream-events.ndjson');

const stale = 'ff73155c-39ec-42eb-887a-84468f683141';
const listener = '5a974e71-fd60-44f4-920f-d4acd622434f';
const { races: racer, 'races-upload': uploader } = headFeeds;

/** What only the recording's machine or its writing-down made so. */
export function withoutArtefacts(exchange: Exchange): Exchange {
  const { request, response, n } = exchange;
  // Why the platform's root did not start there.
  if (n === 5) return { ...exchange, response: { ...response, json: withReasonLeftOpen(response.json) } };
  // Of the body that was too long only the beginning was written down.
  if (n === 71)
    return { ...exchange, request: { ...request, text: request.text + 'x'.repeat(17 * 1024 * 1024) } };
  return exchange;
}

const withReasonLeftOpen = (workspaces: unknown): unknown =>
  Array.isArray(workspaces) &&
  workspaces.map((workspace) =>
    workspace.kind === 'platform' ? { ...workspace, last_sample_error: '<text>' } : workspace,
  );

/** Where this platform does not answer as the server did, and why. */
const deviations: NonNullable<Script['deviations']> = {
  252: { reason: "secrets are the operator's: neither an external agent nor its user writes them" },
  287: { reason: 'session-search is called by no client of an external agent (protocol.md §14.1)' },
  288: { reason: 'the key-value memory is called by no client of an external agent (protocol.md §14.1)' },
  289: { reason: 'the key-value memory is called by no client of an external agent (protocol.md §14.1)' },
  302: {
    reason: 'there was no container engine (README, artefacts); the rule is that of protocol.md §10.5',
    instead: { status: 200, json: { status: 'removed', cascade_deleted: 0 } },
  },
};

/** What was seen while the run was played. */
export interface SeenInHeadRun {
  events: unknown[];
  /** The feeds when they were written down, by name. */
  readonly feeds: Map<string, Row[]>;
}

/** What belongs to the main run besides its exchanges. */
export function scriptHeadRun(platform: LocalPlatform): { script: Script; seen: SeenInHeadRun } {
  const seen: SeenInHeadRun = { events: [], feeds: new Map() };
  const { commits } = platform.faults;
  let stream: Listener;
  let task: HeldCommits;
  let beside: Promise<void>;
  let meanwhile: Promise<void>;
  const inOrder: Row[] = [...recordedRows].reverse();
  const textOf = (row: Row) => JSON.stringify(row.request_body ?? null);
  const sendAll = async (stage: Stage, rows: readonly Row[]) => {
    for (const row of rows) await sendRecorded(stage, row);
  };
  const letHeldRowsGo = async () => {
    platform.faults.clear();
    await platform.settled();
  };

  const before: Script['before'] = {
    // An agent falls silent; its last beat was set back by SQL.
    48: async ({ id }) => {
      const workspace = platform.workspace(id(stale));
      if (workspace !== undefined) workspace.lastHeartbeatMicros = (platform.clock.nowMs() - 181_000) * 1000;
      await platform.sweep();
    },
    // Messages that were not written down.
    74: (stage) =>
      sendAll(
        stage,
        inOrder.filter((row) => textOf(row).includes('"text":"sync ')),
      ),
    83: async (stage) => {
      const row = inOrder.find((candidate) => textOf(candidate).includes('"at once"'));
      await Promise.all(Array.from({ length: 8 }, () => sendRecorded(stage, row)));
    },
    // A repeat finds the task on its way: its result is kept back until the repeat is answered.
    200: () => void commits.hold((row) => row.method === 'delegate_result'),
    202: letHeldRowsGo,
    // The task given by the admin is carried out beside the exchanges that follow, its two result rows right before
    // and right after the one that tells of another task's failure.
    204: () => {
      task = commits.hold((row) => row.method === 'message/send');
    },
    207: async () => {
      const results = commits.hold((row) => row.method === 'delegate_result');
      task.off();
      const completed = await results.next();
      beside = results.next().then(async (failed) => {
        results.release(completed);
        results.release(await results.next());
        results.release(failed);
        results.release(await results.next());
        results.off();
      });
    },
    208: () => beside,
    // The listing came before the last row of the failure.
    210: () => void commits.hold((row) => row.activityType === 'a2a_receive' && row.status === 'error'),
    212: letHeldRowsGo,
    // The recorded stream was open during these.
    217: async ({ id }) => {
      stream = await listen(platform, id(listener), platform.adminToken);
    },
    227: async () => {
      seen.events = await stream.events(recordedHeadEvents.length);
      stream.close();
    },
    // Three rows of one timestamp.
    262: async (stage) => {
      platform.clock.freeze();
      for (const summary of ['tie-1', 'tie-2', 'tie-3'])
        await writeRecorded(stage, recordedRows, racer, summary);
      platform.clock.thaw();
    },
    // Messages overtake a large upload, whose rows carry the time of its beginning.
    268: async (stage) => {
      const messages = inOrder.filter(
        (row) => row.workspace_id === uploader && row.method === 'message/send',
      );
      await sendAll(stage, messages.slice(0, 6));
      const held = commits.hold((row) => row.method === 'chat_upload_receive');
      meanwhile = held.next().then(async () => {
        await sendAll(stage, messages.slice(6, -1));
        held.off();
        await sendAll(stage, messages.slice(-1));
      });
    },
    269: () => meanwhile,
    // A row that is older than the next one and readable after it.
    271: async (stage) => {
      const held = commits.hold((row) => row.summary === 'late');
      void writeRecorded(stage, recordedRows, racer, 'late');
      await held.next();
    },
    274: letHeldRowsGo,
    // The cursor's row is pruned; the feed was written down before.
    275: ({ id }) => {
      const cursor = id('cf156282-88c0-47a8-89ca-32fa452bba38');
      seen.feeds.set('races', platform.rows(id(racer)));
      platform.faults.prune(id(racer), (row) => row.id === cursor);
    },
    // The other feeds were written down before the broadcast.
    356: ({ id }) => {
      for (const [name, workspaceId] of Object.entries(headFeeds)) {
        if (name !== 'races') seen.feeds.set(name, platform.rows(id(workspaceId)));
      }
    },
  };
  return { script: { rows: recordedRows, before, deviations }, seen };
}
