import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalPlatform, startLocalPlatform } from '../../src/local-platform/local-platform.ts';
import { startTestPlatform } from '../support/local-platform.ts';
import { type Bindings, createBindings } from './recordings/bindings.ts';
import { compareJson, isObject } from './recordings/compare.ts';
import { loadRun, recordedFiles } from './recordings/exchange.ts';
import {
  headFeeds,
  recordedHeadEvents,
  recordedHeadFeed,
  type SeenInHeadRun,
  scriptHeadRun,
  withoutArtefacts,
} from './recordings/head-run.ts';
import { type Outcome, playRun, type Script } from './recordings/play.ts';
import { playRateLimit } from './recordings/rate-limit.ts';
import { differencesOf, newestFirst } from './recordings/script.ts';

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

const hearer = '036a4312-49be-497a-938e-e917f38f9f10';
const crier = '8a453a78-9721-4df7-91aa-32a70486968f';
const forgetful = '3e154195-d497-4aa0-8737-b2957d823ce3';
const silent = '9fe76cb9-f609-4ecf-8542-95a4bfe6820b';

describe('the local platform answers as the server of August did', () => {
  let platform: LocalPlatform;
  let outcomes: Outcome[];
  let seen: SeenInHeadRun;
  const bindings: Bindings = createBindings();

  // Three uploads of 27 to 106 MB are part of the run.
  beforeAll(async () => {
    platform = await startLocalPlatform({
      profile: 'head',
      rateLimit: 1_000_000,
      delegationResultsToInbox: true,
    });
    const scripted = scriptHeadRun(platform);
    seen = scripted.seen;
    const run = loadRun('head/', files).map(withoutArtefacts);
    outcomes = await playRun(platform, run, scripted.script, bindings);
  }, 120_000);
  afterAll(() => platform.close());

  it.each(files)('%s', (file) => {
    expect(differencesOf(outcomes, file)).toEqual([]);
  });

  it.each(Object.keys(headFeeds))('the feed of %s', (name) => {
    const rows = newestFirst(seen.feeds.get(name) ?? []);
    expect(compareJson(recordedHeadFeed(name), rows, bindings, platform.url)).toEqual([]);
  });

  it('the feeds with the names of the senders, and the rows of a broadcast', async () => {
    const response = await fetch(
      `${platform.url}/workspaces/${bindings.ours(headFeeds.peer)}/activity?type=a2a_receive&include=peer_info`,
      { headers: { authorization: `Bearer ${platform.adminToken}` } },
    );
    const named: unknown = await response.json();
    expect(compareJson(recordedHeadFeed('peer-info'), named, bindings, platform.url)).toEqual([]);
    const told = [hearer, crier].map((id) => platform.rows(bindings.ours(id) ?? '').at(-1));
    expect(compareJson(recordedHeadFeed('broadcast'), told, bindings, platform.url)).toEqual([]);
  });

  it('the wake-up stream, but for its own times', () => {
    const untimed = (all: unknown[]) =>
      all.map((event) => ({ ...(isObject(event) && event), timestamp: 'then' }));
    expect(compareJson(untimed(recordedHeadEvents), untimed(seen.events), bindings, platform.url)).toEqual(
      [],
    );
  });
});

it('plays every recorded file', () => {
  const ofTheirOwn = ['delegation-ledger', 'ratelimit', 'wakes'];
  expect([...files, ...ofTheirOwn].sort()).toEqual(recordedFiles('head/').sort());
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
    expect(compareJson(withHourLeftOpen(recordedHeadFeed('wakes')), rows, bindings, platform.url)).toEqual(
      [],
    );
  });

  it('the rate limit', () => playRateLimit('head/', 'head'));
});

/** The key of a wake ends with the hour it was sent in. */
const withHourLeftOpen = (rows: Row[]): Row[] =>
  JSON.parse(JSON.stringify(rows).replace(/((?:nudge|stall):[^:]+:)\d+/g, '$1<text>')) as Row[];
