import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sealLine } from '../../adapters/event-log/line.ts';
import { headOf } from '../../adapters/event-log/log-head.ts';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import type { DomainEvent, StoredEvent } from '../../src/domain/events.ts';
import { leavesOf } from '../../src/domain/inbox/state-value.ts';
import { digestOf, inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import type { Run, Until } from '../../src/replay/run.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const BEGIN = Date.UTC(2026, 4, 5);

/** A log with these events, ten seconds apart. */
async function writeLog(facts: readonly DomainEvent[], torn = ''): Promise<string> {
  const events = facts.map(
    (fact, index): StoredEvent => ({
      v: 1,
      seq: index + 1,
      at: new Date(BEGIN + index * 10_000).toISOString(),
      ...fact,
    }),
  );
  const head = headOf({ type: 'log.opened', log: '0'.repeat(32), seq: 0 });
  const path = join(createTempFolder('replay'), 'events.jsonl');
  await writeFile(path, [head, ...events].map(sealLine).join('') + torn);
  return path;
}

async function replay(path: string, until?: Until): Promise<Run> {
  const [source] = await readSource(path);
  if (!source) throw new Error('nothing to play');
  return play(source, until);
}

/** Where the workspace machine was after each event of a type. */
function placesAfter({ frames }: Run, type: DomainEvent['type']): string {
  const from = frames.findIndex((frame) => frame.type === 'event.appended' && frame.data.event.type === type);
  const next = frames.findIndex((frame, index) => index > from && frame.type === 'event.appended');
  return frames
    .slice(from, next === -1 ? undefined : next)
    .flatMap((frame) => (frame.type === 'machine.moved' ? leavesOf(frame.data.value) : []))
    .join(' ');
}

const row = (number: number) => ({
  id: `cccccccc-0000-4000-8000-${String(number).padStart(12, '0')}`,
  atMicros: (BEGIN + number) * 1000,
});
const LIFE: readonly DomainEvent[] = [
  { type: 'session.opened', data: { session: 1 } },
  { type: 'workspace.registered', data: { deliveryMode: 'poll' } },
  { type: 'feed.opened', data: { floorMicros: BEGIN * 1000, cursor: null, origin: 'backlog' } },
  { type: 'row.skipped', data: { row: row(1), reason: 'own_echo' } },
  { type: 'feed.cursorExpired', data: { cursorId: row(1).id } },
  { type: 'feed.recovered', data: { sinceMicros: BEGIN * 1000, rows: 0 } },
  { type: 'token.refused', data: { during: 'feed', status: 401 } },
  { type: 'token.accepted', data: {} },
  { type: 'workspace.removed', data: { removedAt: null } },
];

describe('a replay of an event log', () => {
  it('steps the machine through the phases that the log tells of', async () => {
    const run = await replay(await writeLog(LIFE));
    expect(placesAfter(run, 'session.opened')).toMatch(/registering$/);
    expect(placesAfter(run, 'workspace.registered')).toContain('online.feed.reading.resting');
    expect(placesAfter(run, 'feed.cursorExpired')).toContain('online.feed.reading.recovering');
    expect(placesAfter(run, 'feed.recovered')).toContain('online.feed.reading.resting');
    expect(placesAfter(run, 'token.refused')).toMatch(/checkingAccess\.asking.*revoked\.resting/);
    expect(placesAfter(run, 'token.accepted')).toContain('online');
    expect(placesAfter(run, 'workspace.removed')).toMatch(/checkingAccess\.asking.*removed\.resting$/);
    expect(run.state).toMatchObject({ access: 'removed', registeredAs: 'poll' });
  });

  it('is the same, byte for byte, 20 times', async () => {
    const path = await writeLog(LIFE);
    const digests = new Set<string>();
    for (let time = 0; time < 20; time += 1) digests.add(digestOf(await replay(path)));
    expect(digests.size).toBe(1);
  });

  it('stops after an event, or at a time', async () => {
    const path = await writeLog(LIFE);
    expect((await replay(path, { seq: 7 })).state).toMatchObject({ seq: 7, access: 'refused' });
    expect((await replay(path, { atMs: BEGIN + 75_000 })).state).toMatchObject({
      seq: 8,
      access: 'accepted',
    });
  });

  it('leaves a torn last line out, and says where a damaged one stands', async () => {
    const whole = await writeLog(LIFE);
    expect((await replay(await writeLog(LIFE, '{"v":1,"se'))).state.seq).toBe(LIFE.length);
    const lines = (await readFile(whole, 'utf8')).split('\n');
    lines[3] = lines[3]?.replace('backlog', 'Backlog') ?? '';
    await writeFile(whole, lines.join('\n'));
    await expect(readSource(whole)).rejects.toThrow(`${whole}:4 does not match its checksum`);
  });

  it('of a live run gives that run’s inbox', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
    await sayAsUser(platform, workspace, 'first');
    await sayAsUser(platform, workspace, 'with a file', [{ name: 'notes.txt', bytes: 'notes' }]);
    await sayAsUser(platform, workspace, 'third');
    const [first] = await bridge.holds(3);
    await bridge.pop(first?.activity_id ?? '');
    const inbox = await bridge.peek();
    await bridge.close();

    const folder = workspaceFolderName({ id: workspace.id, platformUrl: platform.url });
    const run = await replay(join(bridge.stateFolder, 'workspaces', folder, 'events.jsonl'));
    expect(inbox.map(({ text }) => text)).toEqual(['with a file', 'third']);
    expect(inboxOf(run)).toEqual(inbox);
    expect(placesAfter(run, 'workspace.registered')).toContain('online.feed.reading');
  });
});
