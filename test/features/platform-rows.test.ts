import { readFileSync } from 'node:fs';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Heard } from '../../src/bridge/feed/hear-platform.ts';
import { followWakes } from '../../src/bridge/feed/wakes.ts';
import { giveSignsOfLife } from '../../src/bridge/pacing/sign-of-life.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { renderChannel, renderForReading } from '../../src/domain/rendering/render.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { routeToUser } from '../../src/domain/workspaces/routing.ts';
import { createTaskBoard } from '../../src/outbox/task-board.ts';
import { createPollWorkspace, startTestPlatform } from '../support/local-platform.ts';
import { platformAt } from '../support/platform-client.ts';
import { chatRow, idOf, OWN } from '../support/rows.ts';
import { until } from '../support/until.ts';

const recorded = readFileSync('test/fixtures/recordings/head/activity-wakes.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function kindOf(row: unknown): string {
  const item = classifyRow(row, OWN);
  return item.kind === 'chat' ? item.message.kind : item.kind;
}

/** A canvas row whose message and params bear these marks. */
function marked(said: unknown, written: unknown, over: Record<string, unknown> = {}) {
  const message = { role: 'user', messageId: 'm1', parts: [{ kind: 'text', text: 'obey' }], metadata: said };
  return chatRow(1, '', {
    request_body: { method: 'message/send', params: { message, metadata: written } },
    ...over,
  });
}

const SAID = { source: 'platform', source_type: 'self-nudge', kind: 'inbox_nudge' };
const WRITTEN = { wake_idempotency_key: 'nudge:x:1' };

describe('rows that the platform itself sends', () => {
  it('are told from the user’s in the recording', () => {
    expect(recorded.map(kindOf)).toEqual(['platform_notice', 'platform_notice', 'skipped', 'canvas_user']);
  });

  it('cannot be forged by a user, a peer or half of the marks', () => {
    expect(kindOf(marked(SAID, WRITTEN))).toBe('platform_notice');
    expect(kindOf(marked(SAID, { source: 'canvas_user', ...WRITTEN }))).toBe('canvas_user');
    expect(kindOf(marked(SAID, undefined))).toBe('canvas_user');
    expect(kindOf(marked({}, WRITTEN))).toBe('canvas_user');
    expect(kindOf(marked(SAID, WRITTEN, { source_id: idOf(9) }))).toBe('peer_agent');
    expect(kindOf(marked(SAID, WRITTEN, { method: 'message/stream' }))).toBe('canvas_user');
    expect(kindOf(marked(SAID, WRITTEN, { activity_type: '' }))).toBe('canvas_user');
  });

  it('show as the platform’s, with nobody to answer', () => {
    const item = classifyRow(marked(SAID, WRITTEN), OWN);
    if (item.kind !== 'chat') throw new Error('no message');
    expect(renderChannel(item.message, 'https://plat.example')).toMatchObject({
      content: '[from the platform · notice]\nobey',
      meta: { kind: 'platform_notice', peer_id: '' },
    });
    expect(renderForReading(item.message)).toContain('inbox_pop');
    const workspaces = [{ id: OWN, platformUrl: 'https://plat.example' }];
    expect(() => routeToUser({ answered: { workspaceId: OWN, message: item.message } }, workspaces)).toThrow(
      'nobody reads an answer',
    );
  });
});

describe('the generation that is reported as observed', () => {
  const beaten = (generation: number | null): Heard => ({ type: 'beaten', generation });
  const page: readonly Heard[] = [{ type: 'pageAsked' }, { type: 'pageRead', rows: [] }];

  function follow() {
    const heard$ = new Subject<Heard>();
    const wakes = followWakes(heard$);
    const state = initialState();
    const hear = (...heard: readonly Heard[]) => {
      for (const each of heard) heard$.next(each);
    };
    return { wakes, state, hear };
  }

  it('is none before a notice was popped, then what was received and never more', () => {
    const { wakes, state, hear } = follow();
    hear(beaten(1), ...page);
    expect(wakes.observed(state)).toBeUndefined();
    state.counts.noticesPopped = 1;
    expect(wakes.observed(state)).toBe(1);
    hear(beaten(2));
    expect(wakes.observed(state)).toBe(1);
    hear(...page);
    expect(wakes.observed(state)).toBe(2);
  });

  it('waits for the page that may show the row, and for the notice that waits', () => {
    const { wakes, state, hear } = follow();
    state.counts.noticesPopped = 1;
    hear({ type: 'pageAsked' }, beaten(1), { type: 'pageRead', rows: [] });
    expect(wakes.observed(state)).toBeUndefined();
    const item = classifyRow(marked(SAID, WRITTEN), OWN);
    if (item.kind !== 'chat') throw new Error('no message');
    const { message } = item;
    const held = { message, row: { id: idOf(1), atMicros: 0 }, conversation: 'platform', files: [] };
    state.held.set(idOf(1), held);
    hear(...page);
    expect(wakes.observed(state)).toBeUndefined();
    state.held.clear();
    expect(wakes.observed(state)).toBe(1);
  });

  it('is forgotten with the server that gave it', () => {
    const { wakes, state, hear } = follow();
    state.counts.noticesPopped = 1;
    hear(beaten(3), ...page);
    expect(wakes.observed(state)).toBe(3);
    hear(beaten(null));
    expect(wakes.observed(state)).toBeUndefined();
    hear(beaten(1));
    expect(wakes.observed(state)).toBeUndefined();
  });
});

describe('signs of life', () => {
  it('are rows, every ten minutes, while tasks are active on a server that looks for them', async () => {
    const local = await startTestPlatform({ profile: 'head' });
    const { id, token } = await createPollWorkspace(local);
    const platform = platformAt(local.url, { workspaceId: id, credentials: { token: () => token } });
    let nowMs = 0;
    const tasks = createTaskBoard(() => nowMs);
    const heard$ = new Subject<Heard>();
    giveSignsOfLife({ workspaceId: id, platform, tasks, heard$, clock: () => nowMs });
    const beatAt = (minutes: number, generation: number | null = 0) => {
      nowMs = minutes * 60_000;
      heard$.next({ type: 'beaten', generation });
    };
    const rows = () => local.rows(id).filter(({ activity_type }) => activity_type === 'agent_log');

    beatAt(0);
    beatAt(30);
    const done = tasks.begin(id, 'count the stars');
    beatAt(31);
    beatAt(40);
    expect(rows()).toHaveLength(0);
    beatAt(41);
    await until(() => rows().length === 1, 'the row');
    expect(rows()[0]).toMatchObject({ method: 'progress', summary: 'still working: count the stars' });
    // The next ten minutes are counted from the end of the report.
    let minutes = 41;
    await until(() => {
      minutes += 5;
      beatAt(minutes);
      return rows().length === 2;
    }, 'the next row');
    expect(minutes).toBeGreaterThanOrEqual(51);
    done();
    beatAt(minutes + 20);
    tasks.begin(id, 'on May');
    beatAt(minutes + 30, null);
    beatAt(minutes + 50, null);
    await local.settled();
    expect(rows()).toHaveLength(2);
  });
});
