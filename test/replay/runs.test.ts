import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DomainEvent, StoredEvent } from '../../src/domain/events.ts';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { fold } from '../../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateToJson } from '../../src/domain/inbox/state-json.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import { toMicros } from '../../src/domain/time.ts';
import { digestOf, inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { reportRun } from '../../src/replay/report.ts';
import type { Run } from '../../src/replay/run.ts';
import { at, chatRow, filePart, idOf, OWN, PEER, pendingUri, uploadRow } from '../support/rows.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const FOLDER = 'test/fixtures/runs';

async function replay(path: string): Promise<Run> {
  const [source] = await readSource(path);
  if (!source) throw new Error('nothing to play');
  return play(source);
}

/** The inbox that the recorded bridge had: the fold of the events that the recording holds. */
function inboxThen(text: string) {
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Frame)
    .flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []));
  return inboxOf({ state: fold(events) });
}

describe.each(readdirSync(FOLDER))('the run of a bridge in %s', (name) => {
  const path = join(FOLDER, name);

  it('comes to the inbox that it came to then, and to the timeline that was looked at', async () => {
    const run = await replay(path);
    expect(inboxOf(run)).toEqual(inboxThen(readFileSync(path, 'utf8')));
    const { title, timeline, ending } = reportRun(name, run);
    await expect([title, ...timeline.map(({ text }) => text), ...ending, ''].join('\n')).toMatchFileSnapshot(
      `../fixtures/timelines/runs/${name.replace('.ndjson', '.txt')}`,
    );
  });

  it('is the same, byte for byte, 20 times', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => replay(path)));
    expect(new Set(runs.map(digestOf)).size).toBe(1);
  });
});

/** Writes a recording by hand: times in milliseconds after its begin, events numbered as the log does. */
function createTape() {
  const begin = Date.parse(at(0));
  const lines: object[] = [];
  let seq = 1;
  const time = (ms: number) => new Date(begin + ms).toISOString();
  const frame = (ms: number, type: Frame['type'], data: object) => {
    lines.push({ n: lines.length, type, at: time(ms), workspaceId: OWN, data });
  };
  frame(0, 'ledger.opened', { state: stateToJson({ ...initialState(), seq: 1, session: 1 }) });
  const tape = {
    row: (ms: number, row: object) => frame(ms, 'row.served', { row }),
    reply: (ms: number, call: string, kind: string | null = null) =>
      frame(ms, 'reply.received', { call, status: kind === null ? 200 : 0, kind }),
    event(ms: number, event: DomainEvent, seenMs = ms) {
      seq += 1;
      frame(seenMs, 'event.appended', { event: { v: 1, seq, at: time(ms), ...event } as StoredEvent });
    },
    received: (ms: number, row: { id: string; created_at: string }, over: Partial<InboxMessage> = {}) =>
      tape.event(ms, {
        type: 'message.received',
        data: {
          message: {
            activity_id: row.id,
            text: '',
            peer_id: '',
            kind: 'canvas_user',
            method: 'message/send',
            created_at: row.created_at,
            ...over,
          },
          row: { id: row.id, atMicros: toMicros(row.created_at) ?? 0 },
          conversation: 'canvas',
          files: [],
        },
      }),
    released: (ms: number, ...rows: readonly { id: string }[]) => {
      for (const { id } of rows)
        tape.event(ms, { type: 'message.released', data: { activityId: id, outcomes: [] } });
    },
    popped: (ms: number, { id }: { id: string }) =>
      tape.event(ms, { type: 'message.popped', data: { activityId: id, by: 'pop' } }),
    async play(): Promise<string[]> {
      const path = join(createTempFolder('tape'), 'run.ndjson');
      const head = { type: 'recording.started', v: 1, at: time(0), redacted: false };
      await writeFile(path, [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
      return inboxOf(await replay(path)).map(({ text }) => text);
    },
  };
  tape.reply(10, 'register');
  tape.event(20, {
    type: 'feed.opened',
    data: { floorMicros: begin * 1000 - 60e6, cursor: null, origin: 'backlog' },
  });
  tape.reply(20, 'readActivity');
  return tape;
}

describe('a replay of a recording', () => {
  const [first, second, third] = [chatRow(1, 'first'), chatRow(2, 'second'), chatRow(3, 'third')];

  it('takes together what was taken together, however long the telling took', async () => {
    const tape = createTape();
    tape.row(4_000, third);
    tape.row(4_015, second);
    tape.row(4_030, first);
    for (const row of [first, second, third]) tape.received(4_040, row);
    tape.released(4_050, first, second, third);
    expect(await tape.play()).toEqual(['first', 'second', 'third']);
  });

  it('gives a row that came late when it came', async () => {
    const tape = createTape();
    tape.row(4_000, second);
    tape.received(4_000, second);
    tape.released(4_001, second);
    tape.row(5_000, first);
    tape.received(5_000, first);
    tape.released(5_001, first);
    expect(await tape.play()).toEqual(['second', 'first']);
  });

  it('pops a message of which it is late itself', async () => {
    const tape = createTape();
    for (const [index, row] of [first, second, third].entries()) {
      const ms = 4_000 + index * 30;
      tape.row(ms, row);
      tape.received(ms, row);
      tape.released(ms, row);
      if (row !== third) tape.popped(ms + 2, row);
    }
    expect(await tape.play()).toEqual(['third']);
  });

  it('holds a message whose file was still on its way', async () => {
    const tape = createTape();
    const announced = uploadRow(1, 1);
    const citing = chatRow(2, 'with a file', {
      request_body: { params: { message: { parts: [filePart(1)] } } },
    });
    for (const row of [citing, announced]) tape.row(4_000, row);
    tape.event(4_000, {
      type: 'upload.announced',
      data: {
        fileId: idOf(1, 'file'),
        row: { id: announced.id, atMicros: 0 },
        uri: pendingUri(1),
        name: 'file-1.txt',
        mimeType: '',
        size: null,
      },
    });
    tape.received(4_000, citing);
    tape.reply(5_000, 'heartbeat');
    expect(await tape.play()).toEqual([]);
  });

  it('brings what came by no row', async () => {
    const tape = createTape();
    tape.event(4_000, {
      type: 'message.received',
      data: {
        message: {
          activity_id: idOf(7),
          text: 'a late answer',
          peer_id: PEER,
          kind: 'peer_agent',
          method: 'delegate_result',
          created_at: at(4),
        },
        row: { id: idOf(7), atMicros: toMicros(at(4)) ?? 0 },
        conversation: 'delegations',
        files: [],
      },
    });
    tape.released(4_000, { id: idOf(7) });
    expect(await tape.play()).toEqual(['a late answer']);
  });

  it('fails when a read failed, and misses nothing for it', async () => {
    const tape = createTape();
    tape.reply(3_000, 'readActivity', 'unreachable');
    tape.row(3_600, first);
    tape.received(3_600, first);
    tape.released(3_601, first);
    tape.popped(3_602, first);
    tape.row(3_900, second);
    tape.received(3_900, second);
    tape.released(3_900, second);
    expect(await tape.play()).toEqual(['second']);
  });

  it('looks back no further than the bridge did', async () => {
    const tape = createTape();
    tape.row(4_000, chatRow(-70, 'older than the floor'));
    tape.row(4_000, first);
    tape.received(4_000, first);
    tape.released(4_001, first);
    expect(await tape.play()).toEqual(['first']);
  });
});
