import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRequestBudget } from '../../src/bridge/pacing/request-budget.ts';
import { createRests } from '../../src/bridge/pacing/rests.ts';
import type { Urgency } from '../../src/domain/network/request-budget.ts';
import { type RateWindow, spendRate } from '../../src/local-platform/rules/rate-window.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;
setMaxListeners(0, never);
const names = (count: number) => Array.from({ length: count }, (_, index) => `workspace ${index}`);

/** A sequence in [0, 1) that is the same each time. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A server that counts as the local platform does, and one budget that asks it. */
function open({ sharers, limit = 600, perToken = false }: Setting) {
  const windows = new Map<string, RateWindow>();
  const budget = createRequestBudget(sharers, Date.now);
  const seen: Seen[] = [];

  async function ask(workspaceId: string, urgency: Urgency): Promise<void> {
    await budget.turn(workspaceId, urgency, never);
    const key = perToken ? workspaceId : 'all';
    const verdict = spendRate(windows.get(key), limit, Date.now());
    windows.set(key, verdict.window);
    seen.push({ workspaceId, urgency, atMs: Date.now(), refused: !verdict.passes });
    const resetMs = verdict.resetSeconds * 1000;
    budget.heard(workspaceId, { limit, remaining: verdict.passes ? verdict.remaining : 0, resetMs });
    budget.ended(workspaceId);
  }

  return {
    sharers,
    random: seeded(),
    budget,
    seen,
    ask,
    refused: () => seen.filter((one) => one.refused).length,
  };
}

interface Setting {
  readonly sharers: number;
  readonly limit?: number;
  readonly perToken?: boolean;
}

interface Seen {
  readonly workspaceId: string;
  readonly urgency: Urgency;
  readonly atMs: number;
  readonly refused: boolean;
}

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What a workspace asks for from its start on, as its machine does. */
function live(name: string, { budget, ask, random, sharers }: ReturnType<typeof open>) {
  const rests = createRests({ budget, crowd: sharers, random });
  const forEver = async (urgency: Urgency, restMs: () => number) => {
    for (;;) {
      await ask(name, urgency);
      await rest(restMs());
    }
  };
  void (async () => {
    await ask(name, 'start');
    const [stream, firstLook] = [ask(name, 'opening'), ask(name, 'opening')];
    void forEver('heartbeat', () => rests('heartbeat', 20_000));
    await Promise.all([stream, firstLook]);
    // The stream's first frame asks for one more look.
    void forEver('idle', () => rests('poll', 30_000));
  })();
}

describe('the request budget of one address', () => {
  it('carries 300 workspaces on 600 requests a minute: none refused, all opened in 3 minutes, none stale, messages at once', async () => {
    const world = open({ sharers: 300 });
    const { ask, seen, refused } = world;
    const beganMs = Date.now();
    for (const name of names(300)) live(name, world);
    await vi.advanceTimersByTimeAsync(3 * 60_000);

    const opened = seen.filter(({ urgency }) => urgency === 'opening');
    expect(opened).toHaveLength(2 * 300);
    expect((opened.at(-1)?.atMs ?? 0) - beganMs).toBeLessThan(150_000);

    // A message a second, for two minutes: a poll at once, and one for late commits.
    const waitedMs: number[] = [];
    for (let message = 0; message < 120; message += 1) {
      const askedAtMs = Date.now();
      const name = `workspace ${(message * 7) % 300}`;
      void ask(name, 'traffic').then(() => waitedMs.push(Date.now() - askedAtMs));
      void rest(1_500).then(() => ask(name, 'traffic'));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await vi.advanceTimersByTimeAsync(6_000);
    expect(waitedMs).toHaveLength(120);
    expect(waitedMs.sort((a, b) => a - b)[60]).toBe(0);
    expect(waitedMs.at(-1)).toBeLessThan(5_500);

    expect(refused()).toBe(0);
    const beatAt = new Map<string, number>();
    for (const { workspaceId, atMs } of seen.filter(({ urgency }) => urgency === 'heartbeat')) {
      expect(atMs - (beatAt.get(workspaceId) ?? atMs)).toBeLessThanOrEqual(70_000);
      beatAt.set(workspaceId, atMs);
    }
    expect(beatAt.size).toBe(300);
    for (const atMs of beatAt.values()) expect(Date.now() - atMs).toBeLessThanOrEqual(70_000);
    // Safety polls get what is left: nobody is without one for long.
    const looked = new Set(
      seen.filter(({ urgency }) => urgency === 'idle').map(({ workspaceId }) => workspaceId),
    );
    expect(looked.size).toBe(300);
  });

  it('lets what waits as idle go as traffic once somebody waits for it', async () => {
    const { budget, ask, seen } = open({ sharers: 2, limit: 60 });
    for (let call = 0; call < 48; call += 1) await ask('busy', 'traffic');
    void ask('woken', 'idle');
    void ask('other', 'idle');
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toHaveLength(48);
    budget.hurry('woken');
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.slice(48).map(({ workspaceId }) => workspaceId)).toEqual(['woken']);
  });

  it('gives turns to the one that had its last the longest ago, and heartbeats before floods', async () => {
    const { budget, seen, ask } = open({ sharers: 2, limit: 60 });
    await ask('flooding', 'traffic');
    for (let call = 0; call < 500; call += 1) void ask('flooding', 'traffic');
    await vi.advanceTimersByTimeAsync(1_000);
    void ask('modest', 'traffic');
    void ask('modest', 'heartbeat');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen.filter(({ workspaceId }) => workspaceId === 'modest').map(({ urgency }) => urgency)).toEqual([
      'heartbeat',
    ]);
    await vi.advanceTimersByTimeAsync(62_000);
    const heartbeatAt = seen.findIndex(({ urgency }) => urgency === 'heartbeat');
    const afterIt = seen.slice(heartbeatAt + 1).map(({ workspaceId }) => workspaceId);
    expect(afterIt.slice(0, 2)).toContain('modest');
    expect(afterIt.filter((name) => name === 'flooding').length).toBeGreaterThan(30);
    expect(seen.some(({ refused }) => refused)).toBe(false);
    expect(budget.sharers).toBe(2);
  });

  it('keeps everybody back for as long as one was told to wait', async () => {
    const { budget, ask, seen } = open({ sharers: 2 });
    await ask('told', 'traffic');
    budget.heard('told', { limit: 600, remaining: 0, resetMs: 30_000 });
    void ask('other', 'heartbeat');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seen).toHaveLength(2);
  });

  it('stretches nothing where each token has a bucket of its own', async () => {
    const world = open({ sharers: 300, perToken: true });
    const { budget, refused, seen } = world;
    for (const name of names(300)) live(name, world);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(refused()).toBe(0);
    expect(new Set(seen.map(({ workspaceId }) => workspaceId)).size).toBe(300);
    expect(budget.stretch('heartbeat', 20_000)).toBe(20_000);
    expect(budget.stretch('poll', 25_000)).toBe(25_000);
  });

  it('stretches nothing without a limit', async () => {
    const { budget } = open({ sharers: 300 });
    budget.heard('any', { limit: Number.POSITIVE_INFINITY, remaining: Number.POSITIVE_INFINITY, resetMs: 0 });
    expect(budget.stretch('heartbeat', 20_000)).toBe(20_000);
    expect(budget.tight()).toBe(false);
  });

  it('forgets a request whose signal fires before its turn', async () => {
    const { budget } = open({ sharers: 2 });
    budget.heard('any', { limit: 600, remaining: 0, resetMs: 30_000 });
    const leaving = new AbortController();
    const turn = budget.turn('any', 'traffic', leaving.signal);
    leaving.abort(new Error('given up'));
    await expect(turn).rejects.toThrow('given up');
  });
});
