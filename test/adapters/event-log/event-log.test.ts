import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import { readLog } from '../../../adapters/event-log/read-log.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import { fold } from '../../../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../../../src/domain/inbox/inbox-state.ts';
import { stateToJson } from '../../../src/domain/inbox/state-json.ts';
import { anyText } from '../../support/any-text.ts';
import { faultyFileSystem, slowToWrite } from '../../support/faulty-file-system.ts';
import { numbered, popped, received } from '../../support/log-events.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

function logIn(folder: string) {
  const logger = recordingLogger();
  const log = openEventLog({ folder, disk: createDisk({ logger }), logger });
  return { log, lines: logger.lines, path: join(folder, 'events.jsonl') };
}

/** A closed log in a fresh folder that holds these batches. */
async function written(...batches: readonly (readonly StoredEvent[])[]) {
  const folder = createTempFolder();
  const { log, path } = logIn(folder);
  await log.load();
  for (const batch of batches) await log.append(batch);
  await log.close();
  return { folder, path };
}

async function reread(folder: string) {
  const { log, lines } = logIn(folder);
  const { state, tail } = await log.load();
  await log.close();
  return { from: state.seq, tail, folded: stateToJson(fold(tail, state)), lines };
}

describe('event log', () => {
  it('is empty at first, and gives back what was appended, in order, after a restart', async () => {
    const batches = [numbered(0, received(1)), numbered(2, [...received(2), popped(1)])];
    const { folder } = await written(...batches);
    const { from, tail, lines } = await reread(folder);
    expect(from).toBe(0);
    expect(tail).toEqual(batches.flat());
    expect(lines).toEqual([]);
  });

  it('keeps any text whatever, one ASCII line for each event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText(), { minLength: 1, maxLength: 5 }), async (texts) => {
        const events = numbered(
          0,
          texts.flatMap((text, index) => received(index, text)),
        );
        const { folder, path } = await written(events);
        expect((await reread(folder)).tail).toEqual(events);
        const raw = await readFile(path, 'latin1');
        expect(raw).toMatch(/^[\n -~]*$/);
        expect(raw.split('\n')).toHaveLength(1 + events.length + 1);
      }),
      { numRuns: 30 },
    );
  });

  it('cuts a torn last line off wherever it was torn, says so in one line, and goes on', async () => {
    const good = numbered(0, received(1));
    const { folder, path } = await written(good);
    const whole = (await readFile(path)).length;
    const next = numbered(2, received(2, 'x'.repeat(20)));
    const { log } = logIn(folder);
    await log.load();
    await log.append(next.slice(0, 1));
    await log.close();
    const bytes = await readFile(path);
    for (let size = whole + 1; size < bytes.length; size += 7) {
      await writeFile(path, bytes.subarray(0, size));
      const { tail, lines } = await reread(folder);
      expect(tail).toEqual(good);
      expect(lines).toEqual([
        `${path}: cut off the last ${size - whole} bytes, which a write that never finished had left`,
      ]);
      expect((await readFile(path)).length).toBe(whole);
    }
    const { log: again } = logIn(folder);
    await again.load();
    await again.append(next);
    await again.close();
    expect((await reread(folder)).tail).toEqual([...good, ...next]);
  });

  it('takes a tail of zeros, which a power cut may leave, for torn', async () => {
    const good = numbered(0, received(1));
    const { folder, path } = await written(good);
    await appendFile(path, Buffer.alloc(5000));
    expect((await reread(folder)).tail).toEqual(good);
  });

  it('refuses to start from a log whose middle is damaged, and changes nothing', async () => {
    const { folder, path } = await written(numbered(0, received(1)), numbered(2, received(2)));
    const bytes = await readFile(path);
    for (let at = 0; at < bytes.length; at += 11) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8((damaged.readUInt8(at) + 1) % 256, at);
      await writeFile(path, damaged);
      await expect(logIn(folder).log.load()).rejects.toMatchObject({
        kind: 'damaged',
        message: expect.stringMatching(
          /is damaged at byte \d+: .*\. Nothing was changed; restore .* or move the folder/,
        ),
      });
      expect(await readFile(path)).toEqual(damaged);
    }
  });

  it('refuses lines that are missing, repeated or of another version', async () => {
    const { folder, path } = await written(numbered(0, received(1)), numbered(2, received(2)));
    const [head, ...lines] = (await readFile(path, 'latin1')).split('\n').slice(0, -1);
    const join = (...kept: readonly (string | undefined)[]) => `${kept.join('\n')}\n`;
    for (const [content, words] of [
      [join(head, ...lines.slice(1)), 'event 1 should stand here, not 2'],
      [join(head, lines[0], lines[0]), 'event 2 should stand here, not 1'],
      [join(head, lines[0], head), 'no event of this version'],
      [join(head?.replace('"v":1', '"v":2')), 'another version of molecule-inbox'],
      ['', 'no beginning of a log'],
    ] as const) {
      await writeFile(path, content);
      await expect(logIn(folder).log.load()).rejects.toThrow(words);
    }
  });

  it('refuses an append that does not go on where the log ends, and one before load', async () => {
    const { log } = logIn(createTempFolder());
    await expect(log.append(numbered(0, received(1)))).rejects.toThrow('not loaded');
    await log.load();
    await expect(log.append(numbered(1, received(1)))).rejects.toThrow('goes on with event 1, not 2');
    await log.append(numbered(0, received(1)));
    await log.close();
    await expect(log.append(numbered(2, received(2)))).rejects.toThrow('closed');
  });

  it('overwrites nothing that another process has written to the same log', async () => {
    const { folder } = await written(numbered(0, received(1)));
    const [one, other] = [logIn(folder).log, logIn(folder).log];
    await one.load();
    await other.load();
    await one.append(numbered(2, received(2)));
    await expect(other.append(numbered(2, received(4)))).rejects.toMatchObject({ kind: 'locked' });
    await one.append(numbered(4, received(3)));
    await one.close();
    await other.close();
    expect((await reread(folder)).tail).toEqual(
      numbered(0, [...received(1), ...received(2), ...received(3)]),
    );
  });

  it('stops where another process has begun to write', async () => {
    const { folder } = await written(numbered(0, received(1)));
    const [one, other] = [logIn(folder).log, logIn(folder).log];
    await one.load();
    await one.append(numbered(2, received(2)));
    await other.load();
    await other.append(numbered(4, received(3)));
    await expect(one.append(numbered(4, received(4)))).rejects.toMatchObject({ kind: 'locked' });
    await one.close();
    await other.close();
    expect((await reread(folder)).tail).toEqual(
      numbered(0, [...received(1), ...received(2), ...received(3)]),
    );
  });

  it('notices that somebody shortened or removed the log while it was in use', async () => {
    const { folder, path } = await written(numbered(0, received(1)));
    const { log } = logIn(folder);
    await log.load();
    await truncate(path, 40);
    await expect(log.append(numbered(2, received(2)))).rejects.toMatchObject({ kind: 'damaged' });
  });
});

describe('reading a log that is not ours', () => {
  it('tells all that it holds, also while a write is under way, and changes nothing', async () => {
    const events = numbered(0, received(1));
    const { folder, path } = await written(events);
    await appendFile(path, '{"v":1,"se');
    const before = await readFile(path);
    const { state, tail, tornBytes } = await readLog(path, createDisk({ logger: recordingLogger() }));
    expect([state.seq, tail, tornBytes]).toEqual([0, events, 10]);
    expect(before.equals(await readFile(path))).toBe(true);
    expect(await readdir(folder)).toEqual(['events.jsonl']);
  });
});

describe('snapshot', () => {
  async function withSnapshot() {
    const folder = createTempFolder();
    const { log, path } = logIn(folder);
    await log.load();
    const past = numbered(0, [...received(1), ...received(2), popped(1)]);
    await log.append(past);
    await log.saveSnapshot(fold(past));
    const later = numbered(5, received(3));
    await log.append(later);
    await log.close();
    const all = stateToJson(fold([...past, ...later]));
    return { folder, path, snapshot: join(folder, 'snapshot.json'), later, all };
  }

  it('spares the next start all but the tail', async () => {
    const { folder, later, all } = await withSnapshot();
    const { from, tail, folded } = await reread(folder);
    expect(from).toBe(5);
    expect(tail).toEqual(later);
    expect(folded).toEqual(all);
  });

  it('is a cache: without it, damaged, from a newer version or of another log, the state is the same', async () => {
    const { folder, path, snapshot, all } = await withSnapshot();
    const bytes = await readFile(snapshot, 'latin1');
    const other = await withSnapshot();
    for (const content of [
      '',
      'null\n',
      bytes.slice(0, -20),
      bytes.replace('message 2', 'message 9'),
      bytes.replace('"v":1', '"v":2'),
      await readFile(other.snapshot, 'latin1'),
    ]) {
      await writeFile(snapshot, content);
      const { from, folded } = await reread(folder);
      expect(from).toBe(0);
      expect(folded).toEqual(all);
    }
    expect((await readFile(path)).length).toBeGreaterThan(0);
  });

  it('does not replace a log that has vanished: never a silent restart from nothing', async () => {
    const { folder, path } = await withSnapshot();
    await rm(path);
    await expect(logIn(folder).log.load()).rejects.toThrow('it is missing, though its snapshot is there');
  });

  it('is not written of a state that the log does not hold', async () => {
    const folder = createTempFolder();
    const { log } = logIn(folder);
    await log.load();
    await log.saveSnapshot(fold(numbered(0, received(1))));
    await log.close();
    expect((await reread(folder)).folded).toEqual(stateToJson(initialState()));
  });
});

describe('compaction', () => {
  it('begins a new log with the folded state, and appends go on', async () => {
    const folder = createTempFolder();
    const { log, path } = logIn(folder);
    await log.load();
    const past = numbered(0, [...received(1, 'secret of the first'), ...received(2), popped(1)]);
    await log.append(past);
    await log.saveSnapshot(fold(past));
    await log.compact(fold(past));
    const later = numbered(5, received(3));
    await log.append(later);
    expect(log.sizeBytes).toBe((await readFile(path)).length);
    await log.close();

    const { from, tail, folded } = await reread(folder);
    expect(from).toBe(5);
    expect(tail).toEqual(later);
    expect(folded).toEqual(stateToJson(fold([...past, ...later])));
    // What was popped has left the disk: the log, and the snapshot that still had it.
    const names = await createDisk({ logger: recordingLogger() }).list(folder);
    expect(names).toEqual(['events.jsonl']);
    expect(await readFile(path, 'utf8')).not.toContain('secret of the first');
    expect((await readFile(path, 'utf8')).split('\n')[0]).toMatch(
      /^\{"v":1,"type":"log.compacted",.*"crc":"[0-9a-f]{8}"\}$/,
    );
  });

  it('lets appends go on while it writes, and takes them along', async () => {
    const folder = createTempFolder();
    const past = numbered(0, [...received(1), ...received(2), popped(1)]);
    const later = numbered(5, received(3));
    let appended: Promise<void> | null = null;
    const { fs } = faultyFileSystem(({ call }) => {
      if (call === 'create' && compacting) appended ??= log.append(later);
      return 'done';
    });
    let compacting = false;
    const logger = recordingLogger();
    const log = openEventLog({ folder, disk: createDisk({ logger, fs }), logger });
    await log.load();
    await log.append(past);
    compacting = true;
    await log.compact(fold(past));
    expect(appended).not.toBeNull();
    await appended;
    await log.append(numbered(7, [popped(2)]));
    await log.close();
    const { from, tail } = await reread(folder);
    expect(from).toBe(5);
    expect(tail).toEqual([...later, ...numbered(7, [popped(2)])]);
  });

  it('is given up when the log is closed and the disk too slow, and leaves all as it was', async () => {
    const folder = createTempFolder();
    const { log, path } = logIn(folder);
    await log.load();
    const past = numbered(
      0,
      Array.from({ length: 40 }, (_, number) => received(number, 'x'.repeat(500_000))).flat(),
    );
    await log.append(past);
    await log.close();
    const before = await readFile(path);

    const logger = recordingLogger();
    const fs = slowToWrite(100);
    const slow = openEventLog({ folder, disk: createDisk({ logger, fs }), logger });
    const { state, tail } = await slow.load();
    const compaction = slow.compact(fold(tail, state)).then(
      () => 'compacted',
      (error: Error) => error.message,
    );
    await slow.close();
    expect(await compaction).toMatch(/is closed/);
    expect(before.equals(await readFile(path))).toBe(true);
    expect(await readdir(folder)).toEqual(['events.jsonl']);
  });

  it('keeps the rule about snapshots: one of before is passed over, one of after is used', async () => {
    const folder = createTempFolder();
    const { log } = logIn(folder);
    await log.load();
    const past = numbered(0, [...received(1), ...received(2)]);
    await log.append(past);
    await log.saveSnapshot(fold(past));
    const before = await readFile(join(folder, 'snapshot.json'));
    await log.compact(fold(past));
    await writeFile(join(folder, 'snapshot.json'), before);
    const later = numbered(4, [popped(1)]);
    await log.append(later);
    expect((await reread(folder)).folded).toEqual(stateToJson(fold([...past, ...later])));
    await log.saveSnapshot(fold([...past, ...later]));
    await log.close();
    const { from, folded } = await reread(folder);
    expect(from).toBe(5);
    expect(folded).toEqual(stateToJson(fold([...past, ...later])));
  });
});
