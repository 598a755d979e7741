import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { fold } from '../../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { type StateJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
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
/** What somebody may have written: words, and what looks like an id, a time, a file, a word of the protocol. */
const WRITTEN = {
  words: 'Xyzzy/plugh plover',
  id: '12345678-9abc-4def-8123-456789abcdef',
  time: '1999-01-02T03:04:05.678Z',
  file: 'platform-pending:12345678-9abc-4def-8123-456789abcdef/87654321-9abc-4def-8123-456789abcdef',
  word: 'message/send',
  status: 'pending',
  kind: 'canvas_user',
  empty: '(empty A2A message)',
  number: 31337,
} as const;
type Written = keyof typeof WRITTEN;
const [AT, WORKSPACE] = ['2026-05-05T00:00:00.000Z', 'aaaaaaaa-0000-4000-8000-000000000001'];

/** Where something stands in a value: keys and places in lists, from the outside in. */
type Place = readonly string[];

/** The same value once for each leaf and each object in it: that leaf is what was written, that object has it as a key. */
function* planted(value: unknown, written: unknown, at: Place = []): Generator<readonly [Place, unknown]> {
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries())
      for (const [where, inner] of planted(item, written, [...at, String(place)]))
        yield [where, value.with(place, inner)];
  } else if (isRecord(value)) {
    yield [[...at, 'unforeseen'], { ...value, [String(written)]: 1, unforeseen: written }];
    for (const [key, item] of Object.entries(value))
      for (const [where, inner] of planted(item, written, [...at, key]))
        yield [where, { ...value, [key]: inner }];
  } else if (value !== null) yield [at, written];
}

function valueAt(value: unknown, place: Place): unknown {
  return place.reduce((inner: unknown, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** Without the places in lists, as `a.b.c`. */
function nameOf(place: Place): string {
  return place.filter((key) => !/^\d+$/.test(key)).join('.');
}

/** Where in a row something may stay that looks like this. */
const STAYS_IN_ROW: Readonly<Record<Written, RegExp>> = {
  words: /^never$/,
  id: /^(id|workspace_id|source_id|target_id|request_body\.(file_id|delegation_id)|response_body\.delegation_id|request_body\.params\.message\.(messageId|metadata\.delegation_id)|request_body\.params\.metadata\.wake_idempotency_key)$/,
  time: /^created_at$/,
  file: /^(request_body\.uri|request_body\.params\.message\.parts\.file\.uri|response_body\.parts\.file\.uri)$/,
  word: /^(request_body\.)?method$/,
  status: /^status$/,
  kind: /^request_body\.params\.(message\.)?metadata\.source$/,
  empty: /^never$/,
  number: /^(seq|(.*\.)?size)$/,
};

/** Where in an event or a state. */
const STAYS_IN_LOG: Readonly<Record<Written, RegExp>> = {
  words: /^never$/,
  id: /(^|\.)(id|activity_id|peer_id|delegation_id|conversation|fileId|activityIds?|seenIds|shownBy|missedBy)$/,
  time: /(^|\.)created_at$/,
  file: /(^|\.)uri$/,
  word: /(^|\.)message\.method$/,
  status: /(^|\.)(outcome|outcomes)\.status$/,
  kind: /(^|\.)message\.kind$/,
  empty: /^never$/,
  number:
    /(^|\.)(version|seq|session|size|bytes|atMicros|floorMicros|startMicros|seenAtMicros|announcedAtMs|attempts|retryAtMs|releasedSeq|offeredIn|rows|received|popped|skipped|unreadable|noticesPopped|offeredAtMs|poppedAtMs)$/,
};

/** Every place at which something written stays that may not. */
function leaks(
  value: unknown,
  stays: Readonly<Record<Written, RegExp>>,
  told: (value: unknown) => unknown,
): string[] {
  const found = new Set<string>();
  for (const [look, written] of Object.entries(WRITTEN) as [Written, unknown][]) {
    for (const [place, hostile] of planted(value, written)) {
      const shown = told(hostile);
      const kept = valueAt(shown, place) === written || hasKey(shown, String(written));
      if (kept && !stays[look].test(nameOf(place))) found.add(`${look} at ${nameOf(place)}`);
      if (look === 'words' && /xyzzy|plugh|plover/i.test(JSON.stringify(shown)))
        found.add(`words at ${nameOf(place)}`);
    }
  }
  return [...found];
}

function hasKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, key));
  if (!isRecord(value)) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((item) => hasKey(item, key));
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
  const remove = createTextRemover();
  const rowTold = (row: unknown) => {
    const frame = remove({ type: 'row.served', at: AT, workspaceId: WORKSPACE, data: { row } });
    return frame.type === 'row.served' ? frame.data.row : null;
  };

  it.each(RECORDINGS)(
    'keeps nothing of a row in %s for its look, but what stands where it belongs',
    (path) => {
      const kinds = new Map<string, unknown>();
      for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
        const row = JSON.parse(line) as Record<string, unknown>;
        kinds.set(
          `${row.activity_type} ${row.method} ${row.source_id === null} ${typeof row.request_body}`,
          row,
        );
      }
      for (const row of kinds.values()) expect(leaks(row, STAYS_IN_ROW, rowTold)).toEqual([]);
    },
  );

  it('keeps nothing of a body that comes as a string, nor of what is no row', () => {
    const body = { parts: [{ kind: 'text', text: WRITTEN.words }], [WRITTEN.words]: 1 };
    const rows = [
      { request_body: JSON.stringify(body), response_body: JSON.stringify(body) },
      { request_body: JSON.stringify(WRITTEN.words), response_body: WRITTEN.words },
      WRITTEN.words,
      [WRITTEN.words],
    ];
    for (const row of rows) expect(JSON.stringify(rowTold(row))).not.toMatch(/xyzzy|plugh|plover/i);
    expect(rowTold({ request_body: JSON.stringify(WRITTEN.words) })).toEqual({
      request_body: '"xxxxxxxxxxxxxxxxxx"',
    });
    expect([rowTold(WRITTEN.id), rowTold([WRITTEN.id])]).toEqual(['x'.repeat(36), []]);
  });

  it('goes no deeper into what a stranger has nested than rows go', () => {
    const nested = JSON.parse(`${'['.repeat(6_000)}${']'.repeat(6_000)}`) as unknown;
    const row = { id: WORKSPACE, request_body: { nested, params: nested, parts: nested } };
    expect(rowTold(row)).toEqual({ id: WORKSPACE, request_body: { params: [], parts: [[]] } });
  });

  it('keeps nothing of an event or of a state for its look', async () => {
    const runs = (await Promise.all(RECORDINGS.map(runsOf))).flat();
    const kinds = new Map(
      runs.flatMap(({ frames }) =>
        frames.flatMap((frame) => (frame.type === 'event.appended' ? [[frame.data.event.type, frame]] : [])),
      ),
    );
    for (const frame of kinds.values()) {
      const told = (data: unknown) => {
        const event = { ...frame.data.event, data } as typeof frame.data.event;
        const shown = remove({ ...frame, data: { event } });
        return shown.type === 'event.appended' ? shown.data.event.data : null;
      };
      expect(leaks(frame.data.event.data, STAYS_IN_LOG, told)).toEqual([]);
    }
    const told = (state: unknown) => {
      const data = { state: state as StateJson };
      const shown = remove({ type: 'ledger.opened', at: AT, workspaceId: WORKSPACE, data });
      return shown.type === 'ledger.opened' ? shown.data.state : null;
    };
    for (const { state } of runs) {
      // A few of each are enough.
      const { seenIds, seenAtMicros, held, inbox, uploads, ...rest } = stateToJson(state);
      const some = [seenIds, seenAtMicros, held, inbox, uploads].map((list) => list.slice(0, 2));
      const [ids, times, atBarrier, waiting, files] = some;
      const small = {
        ...rest,
        seenIds: ids,
        seenAtMicros: times,
        held: atBarrier,
        inbox: waiting,
        uploads: files,
      };
      expect(leaks(small, STAYS_IN_LOG, told)).toEqual([]);
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
  /** A notice's words are the bridge's own, around a file's name, and so are those of an empty message: made anew. */
  const masked = (messages: readonly InboxMessage[]) =>
    messages.map((message) => ({
      ...message,
      text: message.kind === 'upload_notice' ? '' : 'x'.repeat(message.text.length),
    }));
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
      expect(masked(inboxOf(blank ?? run))).toEqual(masked(foldOf(run.frames.map(remove))));
    }
  });
});
