import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalPlatform, startLocalPlatform } from '../../src/local-platform/local-platform.ts';
import { type Bindings, createBindings } from './recordings/bindings.ts';
import { compareJson, isObject } from './recordings/compare.ts';
import { loadRun, readLines, recordedFiles } from './recordings/exchange.ts';
import { type Listener, listen } from './recordings/listen.ts';
import { type Outcome, playRun, type Script, type Stage } from './recordings/play.ts';
import { playRateLimit } from './recordings/rate-limit.ts';
import { differencesOf, newestFirst, writeRecorded } from './recordings/script.ts';

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
];

/** The feeds as they stood at the end of their part of the run, and whose they are. */
const feeds = {
  chat: '0f61599e-9792-48ad-bbb1-f60186a2733c',
  'delegation-boss-unfiltered': '2676eacf-3f6f-439d-9eb8-e5e5cf6116ec',
  'delegation-worker': '90c2eafa-9950-44b1-aae4-df9ab8901a60',
  echoes: '40ecf935-a6ea-48e0-bd64-1f202713e711',
  peer: '2471c3fb-7b9e-428d-bed6-e605b49f3652',
  races: '53976a3f-1efe-40bf-bd5b-eaf6c037e928',
  uploads: 'e2eaec9d-6fc8-437e-a46f-d7965c628fd8',
};
const recordedFeed = (name: string) => readLines<Row>(`activity-${name}.ndjson`);
const recordedRows = Object.keys(feeds).flatMap(recordedFeed);
const recordedEvents = readLines<Row>('stream-events.ndjson');

const racer = feeds.races;
const listener = 'db0d2e01-2a01-4d57-9058-39a7eed0095d';

const letHeldRowsGo = async ({ platform }: Stage) => {
  platform.faults.clear();
  await platform.settled();
};

const deviations: NonNullable<Script['deviations']> = {
  174: {
    reason: 'there was no container engine (README, artefacts); the rule is that of protocol.md §10.5',
    instead: { status: 200, json: { status: 'removed', cascade_deleted: 0 } },
  },
};

describe('the local platform answers as the server of May did', () => {
  let platform: LocalPlatform;
  let outcomes: Outcome[];
  let bindings: Bindings;
  let events: unknown[];
  let feedOfRaces: Row[];

  beforeAll(async () => {
    platform = await startLocalPlatform({ rateLimit: 1_000_000, delegationResultsToInbox: true });
    bindings = createBindings();
    let stream: Listener;
    const before: Script['before'] = {
      // A repeat finds the task on its way: its result is kept back until the repeat is answered.
      103: () => void platform.faults.commits.hold((row) => row.method === 'delegate_result'),
      105: letHeldRowsGo,
      // The listing came before the last row of the failure.
      108: () =>
        void platform.faults.commits.hold(
          (row) => row.method === 'delegate_result' && row.status === 'error',
        ),
      110: letHeldRowsGo,
      // The recorded stream was open during these.
      115: async ({ id }) => {
        stream = await listen(platform, id(listener), platform.adminToken);
      },
      119: async () => {
        events = await stream.events(recordedEvents.length);
        stream.close();
      },
      // Three rows of one timestamp.
      151: async (stage) => {
        platform.clock.freeze();
        for (const summary of ['tie-1', 'tie-2', 'tie-3'])
          await writeRecorded(stage, recordedRows, racer, summary);
        platform.clock.thaw();
      },
      // A row that is older than the next one and readable after it.
      153: async (stage) => {
        const held = platform.faults.commits.hold((row) => row.summary === 'late');
        void writeRecorded(stage, recordedRows, racer, 'late');
        await held.next();
      },
      156: letHeldRowsGo,
      // The cursor's row is pruned; the feed was written down before.
      157: ({ id }) => {
        const cursor = id('d1d0182a-e8b7-4926-8254-df08b0519059');
        feedOfRaces = platform.rows(id(racer));
        platform.faults.prune(id(racer), (row) => row.id === cursor);
      },
    };
    outcomes = await playRun(
      platform,
      loadRun('', files),
      { rows: recordedRows, before, deviations },
      bindings,
    );
  }, 120_000);
  afterAll(() => platform.close());

  it.each(files)('%s', (file) => {
    expect(differencesOf(outcomes, file)).toEqual([]);
  });

  it.each(Object.entries(feeds))('the feed of %s', (name, workspaceId) => {
    const rows = name === 'races' ? feedOfRaces : platform.rows(bindings.ours(workspaceId) ?? '');
    expect(compareJson(recordedFeed(name), newestFirst(rows), bindings, platform.url)).toEqual([]);
  });

  it('the wake-up stream, but for its own times', () => {
    const untimed = (all: unknown[]) =>
      all.map((event) => ({ ...(isObject(event) && event), timestamp: 'then' }));
    expect(compareJson(untimed(recordedEvents), untimed(events), bindings, platform.url)).toEqual([]);
  });
});

it('plays every recorded file', () => {
  expect([...files, 'ratelimit'].sort()).toEqual(recordedFiles('./').sort());
});

it('limits the rate as the server of May did', () => playRateLimit('', 'may'));
