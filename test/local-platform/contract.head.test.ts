import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeldCommits } from '../../src/local-platform/faults/commit-faults.ts';
import { type LocalPlatform, startLocalPlatform } from '../../src/local-platform/local-platform.ts';
import { startTestPlatform } from '../support/local-platform.ts';
import { type Bindings, createBindings } from './recordings/bindings.ts';
import { compareJson, isObject } from './recordings/compare.ts';
import { type Exchange, loadRun, readLines } from './recordings/exchange.ts';
import { type Listener, listen } from './recordings/listen.ts';
import { type Outcome, playRun, type Script, type Stage } from './recordings/play.ts';
import { playRateLimit } from './recordings/rate-limit.ts';
import { differencesOf, newestFirst, sendRecorded, writeRecorded } from './recordings/script.ts';

type Row = Record<string, unknown>;

const files = [
  'lifecycle',
  'chat',
  'uploads',
  'notify',
  'peers',
  'delegation',
  'stream',
  'errors',
  'paging',
  'races',
  'memory',
  'removal',
  'acks',
  'history',
  'broadcast',
  'requests',
  'inbound',
];

/** The feeds as they stood at the end of their part of the run, and whose they are. */
const feeds = {
  chat: '2d027926-0586-4d93-a3c8-16a3582b2c69',
  'delegation-boss-unfiltered': '39571308-4b5d-4db6-b6b9-5e5baef59199',
  'delegation-worker': '1509b97e-9252-4ebe-a75e-8b215f896c92',
  echoes: '9bb9a037-0582-4581-a5e0-949855116f47',
  peer: 'd9d4d715-aece-4623-8be2-9f0199fc4878',
  races: 'cc0d533f-37f5-4f25-b0fa-4161d1cff602',
  'races-upload': 'ccacd354-cd3e-4d74-bcfb-241ea9a6a925',
  uploads: 'bf6be4b6-ce3d-48e4-bf9b-ec0e723c1068',
};
const recordedFeed = (name: string) => readLines<Row>(`head/activity-${name}.ndjson`);
const recordedRows = Object.keys(feeds).flatMap(recordedFeed);
const recordedEvents = readLines<Row>('head/stream-events.ndjson');

const stale = 'ff73155c-39ec-42eb-887a-84468f683141';
const hearer = '036a4312-49be-497a-938e-e917f38f9f10';
const forgetful = '3e154195-d497-4aa0-8737-b2957d823ce3';
const silent = '9fe76cb9-f609-4ecf-8542-95a4bfe6820b';
const crier = '8a453a78-9721-4df7-91aa-32a70486968f';
const listener = '5a974e71-fd60-44f4-920f-d4acd622434f';
const { races: racer, 'races-upload': uploader } = feeds;

/** What only the recording's machine or its writing-down made so. */
function withoutArtefacts(exchange: Exchange): Exchange {
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

describe('the local platform answers as the server of August did', () => {
  let platform: LocalPlatform;
  let outcomes: Outcome[];
  let bindings: Bindings;
  let events: unknown[];
  const feedsThen = new Map<string, Row[]>();

  beforeAll(async () => {
    platform = await startLocalPlatform({
      profile: 'head',
      rateLimit: 1_000_000,
      delegationResultsToInbox: true,
    });
    bindings = createBindings();
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
        if (workspace !== undefined)
          workspace.lastHeartbeatMicros = (platform.clock.nowMs() - 181_000) * 1000;
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
        events = await stream.events(recordedEvents.length);
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
        feedsThen.set('races', platform.rows(id(racer)));
        platform.faults.prune(id(racer), (row) => row.id === cursor);
      },
      // The other feeds were written down before the broadcast.
      356: ({ id }) => {
        for (const [name, workspaceId] of Object.entries(feeds)) {
          if (name !== 'races') feedsThen.set(name, platform.rows(id(workspaceId)));
        }
      },
    };
    const run = loadRun('head/', files).map(withoutArtefacts);
    outcomes = await playRun(platform, run, { rows: recordedRows, before, deviations }, bindings);
  });
  afterAll(() => platform.close());

  it.each(files)('%s', (file) => {
    expect(differencesOf(outcomes, file)).toEqual([]);
  });

  it.each(Object.keys(feeds))('the feed of %s', (name) => {
    const rows = newestFirst(feedsThen.get(name) ?? []);
    expect(compareJson(recordedFeed(name), rows, bindings, platform.url)).toEqual([]);
  });

  it('the feeds with the names of the senders, and the rows of a broadcast', async () => {
    const response = await fetch(
      `${platform.url}/workspaces/${bindings.ours(feeds.peer)}/activity?type=a2a_receive&include=peer_info`,
      { headers: { authorization: `Bearer ${platform.adminToken}` } },
    );
    const named: unknown = await response.json();
    expect(compareJson(recordedFeed('peer-info'), named, bindings, platform.url)).toEqual([]);
    const told = [hearer, crier].map((id) => platform.rows(bindings.ours(id) ?? '').at(-1));
    expect(compareJson(recordedFeed('broadcast'), told, bindings, platform.url)).toEqual([]);
  });

  it('the wake-up stream, but for its own times', () => {
    const untimed = (all: unknown[]) =>
      all.map((event) => ({ ...(isObject(event) && event), timestamp: 'then' }));
    expect(compareJson(untimed(recordedEvents), untimed(events), bindings, platform.url)).toEqual([]);
  });
});

describe('the runs of their own', () => {
  it('the ledger of delegations', async () => {
    const platform = await startTestPlatform({
      profile: 'head',
      delegationLedger: true,
      delegationResultsToInbox: true,
    });
    const { commits } = platform.faults;
    const isResult = (row: { method: string | null }) => row.method === 'delegate_result';
    const letHeldRowsGo = async () => {
      platform.faults.clear();
      await platform.settled();
    };
    const before: Script['before'] = {
      // Each reply shows a delegation on its way, or one whose last row is still to come.
      5: () => void commits.hold(isResult),
      7: letHeldRowsGo,
      9: () => void commits.hold(isResult),
      11: letHeldRowsGo,
    };
    const run = loadRun('head/', ['delegation-ledger']).map((exchange, index) => ({
      ...exchange,
      n: index + 1,
    }));
    const outcomes = await playRun(platform, run, { rows: [], before });
    expect(differencesOf(outcomes, 'delegation-ledger')).toEqual([]);
  });

  it('the messages of the platform itself', async () => {
    const platform = await startTestPlatform({ profile: 'head' });
    const beat = (workspaceId: string, activeTasks: number) =>
      fetch(`${platform.url}/registry/heartbeat`, {
        method: 'POST',
        headers: { authorization: `Bearer ${platform.issueToken(workspaceId)}` },
        body: JSON.stringify({ workspace_id: workspaceId, active_tasks: activeTasks }),
      });
    const before: Script['before'] = {
      // A quarter of an hour passes, while two agents go on beating; it was done by SQL.
      10: async ({ id }) => {
        for (let minutes = 0; minutes < 15; minutes += 1) {
          platform.clock.shiftBy(60_000);
          await beat(id(forgetful), 0);
          await beat(id(silent), 1);
        }
        await platform.sweep();
      },
    };
    const run = loadRun('head/', ['wakes']).map((exchange, index) => ({ ...exchange, n: index + 1 }));
    const bindings = createBindings();
    const outcomes = await playRun(platform, run, { rows: [], before }, bindings);
    expect(differencesOf(outcomes, 'wakes')).toEqual([]);

    const rows = [forgetful, silent].flatMap((id) => newestFirst(platform.rows(bindings.ours(id) ?? '')));
    expect(compareJson(withHourLeftOpen(recordedFeed('wakes')), rows, bindings, platform.url)).toEqual([]);
  });

  it('the rate limit', () => playRateLimit('head/', 'head'));
});

/** The key of a wake ends with the hour it was sent in. */
const withHourLeftOpen = (rows: Row[]): Row[] =>
  JSON.parse(JSON.stringify(rows).replace(/((?:nudge|stall):[^:]+:)\d+/g, '$1<text>')) as Row[];
