import { readFileSync } from 'node:fs';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createBroadcastTexts } from '../../src/bridge/feed/broadcasts.ts';
import type { Heard } from '../../src/bridge/feed/hear-platform.ts';
import { realPace } from '../../src/bridge/pacing/pace.ts';
import { renderChannel } from '../../src/domain/rendering/render.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { readRow } from '../../src/domain/wire/row.ts';
import { at, idOf, OWN, PEER } from '../support/rows.ts';

const [recorded, ownCopy] = readFileSync('test/fixtures/recordings/head/activity-broadcast.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function broadcastRow(summary: string, over: Record<string, unknown> = {}) {
  return {
    id: idOf(1),
    activity_type: 'broadcast_receive',
    method: 'broadcast',
    source_id: PEER,
    created_at: at(1),
    summary,
    ...over,
  };
}

function rowOf(raw: unknown) {
  const reading = readRow(raw);
  if (!reading.ok) throw new Error(reading.unreadable.reason);
  return reading.row;
}

function messageOf(raw: unknown, wholeOf?: Parameters<typeof classifyRow>[2]) {
  const item = classifyRow(raw, OWN, wholeOf);
  if (item.kind !== 'chat') throw new Error(`a row of kind ${item.kind}`);
  return item.message;
}

const LONG = 'hear ye '.repeat(40);
const CUT = `Broadcast from crier: ${LONG.slice(0, 120)}…`;
const EVENT = {
  type: 'frame' as const,
  frame: { type: 'BROADCAST_MESSAGE', data: { message: LONG, sender_id: PEER, sender: 'crier' } },
};
const OPEN: Heard = { type: 'frame', frame: { type: 'open', data: {} } };

function remember() {
  const heard$ = new Subject<Heard>();
  const scheduler = new VirtualTimeScheduler();
  const texts = createBroadcastTexts({
    heard$,
    clock: () => Date.parse(at(2)),
    pace: { ...realPace, scheduler },
  });
  return { heard$, scheduler, texts };
}

describe('broadcasts', () => {
  it('are messages, cut as recorded; the sender’s own copy is none', () => {
    const message = messageOf(recorded);
    expect(message).toMatchObject({ kind: 'broadcast', peer_id: recorded.source_id, truncated: true });
    expect(message.text).toMatch(/^hört, hört!.*…$/);
    expect(renderChannel(message, 'https://plat.example').content).toContain(
      'broadcast to everybody · only the beginning is known',
    );
    expect(classifyRow(ownCopy, ownCopy.workspace_id).kind).toBe('skipped');
  });

  it('are whole in their row when they are short, whatever the sender is called', () => {
    expect(messageOf(broadcastRow('Broadcast from crier: lunch: now…'))).toMatchObject({
      text: 'lunch: now…',
    });
    const odd = broadcastRow('Broadcast from A: B: lunch', { peer_name: 'A: B' });
    expect(messageOf(odd)).toMatchObject({ text: 'lunch' });
    expect(messageOf(odd)).not.toHaveProperty('truncated');
  });

  it('get their whole text from the event that was heard, and from no other', async () => {
    const { heard$, scheduler, texts } = remember();
    heard$.next(OPEN);
    heard$.next(EVENT);
    const others = [
      broadcastRow(CUT, { id: idOf(2), source_id: idOf(9) }),
      broadcastRow(`${CUT.slice(0, 60)}…`, { id: idOf(3) }),
    ];
    const settled = texts.settled([...others, broadcastRow(CUT)], () => false);
    scheduler.flush();
    await settled;
    const message = messageOf(broadcastRow(CUT), texts.wholeOf);
    expect(message).toMatchObject({ text: LONG, peer_name: 'crier' });
    expect(message).not.toHaveProperty('truncated');
    for (const row of others) expect(texts.wholeOf(rowOf(row))).toBeNull();
  });

  it('are waited for a second while the stream is open, and not when they were taken before', async () => {
    const { heard$, scheduler, texts } = remember();
    const rows = [broadcastRow(CUT)];
    await texts.settled(rows, () => false);
    heard$.next(OPEN);
    await texts.settled(rows, () => true);
    await texts.settled([broadcastRow('Broadcast from crier: short')], () => false);
    const told = texts.settled(rows, () => false);
    heard$.next(EVENT);
    await told;
    expect(texts.wholeOf(rowOf(rows[0]))?.text).toBe(LONG);

    const untold = texts.settled([broadcastRow(CUT.replace('hear', 'HEAR'), { id: idOf(2) })], () => false);
    scheduler.flush();
    await untold;
    expect(scheduler.now()).toBe(1_000);
  });

  it('that begin alike get each its own text, the oldest first, and one of later gets none', async () => {
    const { heard$, texts } = remember();
    const other = `${LONG}, and another end`;
    heard$.next(OPEN);
    heard$.next(EVENT);
    heard$.next({ type: 'frame', frame: { ...EVENT.frame, data: { ...EVENT.frame.data, message: other } } });
    const rows = [broadcastRow(CUT, { id: idOf(2), created_at: at(2) }), broadcastRow(CUT)];
    await texts.settled(rows, () => false);
    expect(rows.map((row) => texts.wholeOf(rowOf(row))?.text)).toEqual([other, LONG]);

    heard$.next({ type: 'streamEnded' });
    const later = broadcastRow(CUT, { id: idOf(3), created_at: at(3) });
    await texts.settled([...rows, later], (id) => id !== idOf(3));
    expect(texts.wholeOf(rowOf(later))).toBeNull();
    expect(rows.map((row) => texts.wholeOf(rowOf(row))?.text)).toEqual([other, LONG]);
  });

  it('are not waited for once the stream has ended', async () => {
    const { heard$, texts } = remember();
    heard$.next(OPEN);
    const waiting = texts.settled([broadcastRow(CUT)], () => false);
    heard$.next({ type: 'streamEnded' });
    await waiting;
    expect(texts.wholeOf(rowOf(broadcastRow(CUT)))).toBeNull();
  });
});
