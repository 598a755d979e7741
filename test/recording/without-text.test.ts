import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { fold } from '../../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateToJson } from '../../src/domain/inbox/state-json.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import { isRecord } from '../../src/domain/record.ts';
import { createTextRemover } from '../../src/recording/without-text.ts';
import { inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import type { Run } from '../../src/replay/run.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const FOLDER = 'test/fixtures/recordings';
const RECORDINGS = ['', 'head/'].flatMap((generation) =>
  readdirSync(`${FOLDER}/${generation}`)
    .filter((name) => /^activity-.*\.ndjson$/.test(name))
    .map((name) => `${FOLDER}/${generation}${name}`),
);
const MARKER = 'Xyzzy/plugh plover';
const [AT, WORKSPACE] = ['2026-05-05T00:00:00.000Z', 'aaaaaaaa-0000-4000-8000-000000000001'];

/** The same value once for each string and each object in it: that string is the marker, that object has it as a key. */
function* planted(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield MARKER;
  else if (Array.isArray(value)) {
    for (const [place, item] of value.entries())
      for (const inner of planted(item)) yield value.with(place, inner);
  } else if (isRecord(value)) {
    yield { ...value, [MARKER]: 1, extra: MARKER };
    for (const [key, item] of Object.entries(value))
      for (const inner of planted(item)) yield { ...value, [key]: inner };
  }
}

async function runsOf(path: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (const source of await readSource(path)) runs.push(await play(source));
  return runs;
}

/** The frames of a run as if the bridge had been recorded. */
async function recordingOf({ workspaceId, frames }: Run, shown: (frame: Frame) => Frame): Promise<string> {
  const path = join(createTempFolder('again'), 'run.ndjson');
  const at = frames[0]?.at ?? '';
  const opened: Frame = {
    type: 'ledger.opened',
    at,
    workspaceId,
    data: { state: stateToJson({ ...initialState(), seq: 1, session: 1 }) },
  };
  const lines = [
    { type: 'recording.started', v: 1, at, redacted: true },
    ...[opened, ...frames].map((frame, n) => ({ n, ...shown(frame) })),
  ];
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

describe('a frame without text', () => {
  it.each(RECORDINGS)('says nothing that any string or key of a row in %s might say', (path) => {
    const remove = createTextRemover();
    const kinds = new Map<string, unknown>();
    for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
      const row = JSON.parse(line) as Record<string, unknown>;
      kinds.set(
        `${row.activity_type} ${row.method} ${row.source_id === null} ${typeof row.request_body}`,
        row,
      );
    }
    for (const row of kinds.values()) {
      const inText = { ...(row as object), request_body: JSON.stringify({ parts: [{ text: MARKER }] }) };
      for (const hostile of [...planted(row), inText, MARKER, [MARKER]]) {
        const frame: Frame = { type: 'row.served', at: AT, workspaceId: WORKSPACE, data: { row: hostile } };
        expect(JSON.stringify(remove(frame))).not.toMatch(/xyzzy|plugh|plover/i);
      }
    }
  });

  it('says nothing that any string of an event or of a state might say', async () => {
    const remove = createTextRemover();
    for (const run of (await Promise.all(RECORDINGS.map(runsOf))).flat()) {
      const kinds = new Map(
        run.frames.flatMap((frame) =>
          frame.type === 'event.appended' ? [[frame.data.event.type, frame]] : [],
        ),
      );
      for (const frame of kinds.values()) {
        for (const data of planted(frame.data.event.data)) {
          const event = { ...frame.data.event, data } as typeof frame.data.event;
          // Keys are ours there.
          const shown = JSON.stringify(remove({ ...frame, data: { event } })).replace(`"${MARKER}":1`, '');
          expect(shown).not.toMatch(/xyzzy|plugh|plover/i);
        }
      }
    }
  });

  it('is another one in every recording', () => {
    const frame: Frame = {
      type: 'row.served',
      at: AT,
      workspaceId: WORKSPACE,
      data: { row: { id: 'a name' } },
    };
    const [one, other] = [createTextRemover(), createTextRemover()];
    expect(one(frame)).toEqual(one(frame));
    expect(one(frame)).not.toEqual(other(frame));
  });
});

describe('a recording of a replay', () => {
  /** A notice's words are the bridge's own, around a file's name: made anew, not masked. */
  const withoutNotices = (messages: readonly InboxMessage[]) =>
    messages.map((message) => (message.kind === 'upload_notice' ? { ...message, text: '' } : message));
  const foldOf = (frames: readonly Frame[]) =>
    inboxOf({
      state: fold(frames.flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []))),
    });

  it.each(RECORDINGS)('of %s comes to the same inbox, with text and without', async (path) => {
    for (const run of await runsOf(path)) {
      const remove = createTextRemover();
      const [again] = await runsOf(await recordingOf(run, (frame) => frame));
      expect(inboxOf(again ?? run)).toEqual(inboxOf(run));
      const [blank] = await runsOf(await recordingOf(run, remove));
      expect(withoutNotices(inboxOf(blank ?? run))).toEqual(withoutNotices(foldOf(run.frames.map(remove))));
    }
  });
});
