import { describe, expect, it } from 'vitest';
import { createDisk } from '../../adapters/disk/disk.ts';
import { openEventLog } from '../../adapters/event-log/event-log.ts';
import type { StoredEvent } from '../../src/domain/events.ts';
import type { Command } from '../../src/domain/inbox/inbox-decide.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { type LedgerParts, openLedger } from '../../src/ledger/ledger.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { chatRow, idOf, OWN } from '../support/rows.ts';
import { createTempFolder } from '../support/temp-folder.ts';

function take(...numbers: readonly number[]): Command {
  const rows = numbers.map((number) => classifyRow(chatRow(number, `message ${number}`), OWN));
  return { type: 'takeRows', opened: null, rows, advanced: null };
}

async function open(
  folder = createTempFolder('ledger'),
  { refuse: first = null, ...parts }: Partial<LedgerParts> & { readonly refuse?: StorageError | null } = {},
) {
  const logger = recordingLogger();
  const log = openEventLog({ folder, disk: createDisk({ logger }), logger });
  const appended: (readonly StoredEvent[])[] = [];
  let refuse = first;
  const watched = {
    ...log,
    append: async (events: readonly StoredEvent[]) => {
      if (refuse) throw refuse;
      appended.push(events);
      await log.append(events);
    },
  };
  const ledger = await openLedger({ log: watched, clock: Date.now, ...parts });
  return {
    ledger,
    folder,
    appended,
    refuseWrites: (error: StorageError | null) => {
      refuse = error;
    },
  };
}

describe('the ledger', () => {
  it('publishes events when they are durable, in order, each once', async () => {
    const { ledger } = await open();
    const seen: StoredEvent[] = [];
    ledger.events$.subscribe((event) => {
      expect(ledger.durableSeq).toBeGreaterThanOrEqual(event.seq);
      seen.push(event);
    });
    await Promise.all([ledger.commit(take(1, 2)), ledger.commit(take(2, 3))]);
    expect(seen.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'message.received'],
      [2, 'message.received'],
      [3, 'message.received'],
    ]);
  });

  it('writes the commands of one moment together', async () => {
    const { ledger, appended } = await open();
    await Promise.all([1, 2, 3, 4].map((number) => ledger.commit(take(number))));
    expect(appended).toHaveLength(1);
  });

  it('tells how many of the messages in its inbox were released by what is not on disk yet', async () => {
    const { ledger, refuseWrites } = await open();
    await ledger.commit(take(1, 2, 3));
    const release = (number: number) =>
      ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] });
    const writes = [release(1), release(2)];
    expect(ledger.releasedAhead).toBe(2);
    writes.push(ledger.commit({ type: 'popMessage', activityId: idOf(2), by: 'pop' }));
    expect(ledger.releasedAhead).toBe(1);
    await Promise.all(writes);
    expect(ledger.releasedAhead).toBe(0);

    refuseWrites(new StorageError('failed', 'the disk is gone'));
    const refused = release(3);
    expect(ledger.releasedAhead).toBe(1);
    await expect(refused).rejects.toThrow('the disk is gone');
    expect(ledger.releasedAhead).toBe(0);
  });

  it('finds everything again after a restart', async () => {
    const { ledger, folder } = await open();
    await ledger.commit(take(1, 2));
    await ledger.commit({ type: 'releaseMessage', activityId: idOf(1), outcomes: [] });
    await ledger.close();
    const { ledger: again } = await open(folder);
    expect([...again.state.held.keys(), ...again.state.inbox.keys()]).toEqual([idOf(2), idOf(1)]);
    expect(await again.commit(take(1, 2))).toEqual([]);
  });

  it('leaves no trace of what could not be written', async () => {
    const { ledger, refuseWrites } = await open();
    await ledger.commit(take(1));
    refuseWrites(new StorageError('full', 'the disk is full'));
    const failed = [ledger.commit(take(2)), ledger.commit(take(3))];
    for (const commit of failed) await expect(commit).rejects.toThrow('the disk is full');
    expect([...ledger.state.held.keys()]).toEqual([idOf(1)]);

    refuseWrites(null);
    await ledger.commit(take(2));
    expect([...ledger.state.held.keys()]).toEqual([idOf(1), idOf(2)]);
    expect(ledger.durableSeq).toBe(ledger.state.seq);
  });

  it('tells of a disk that refuses, and of one that takes again', async () => {
    const { ledger, refuseWrites } = await open();
    const told: (string | null)[] = [];
    ledger.trouble$.subscribe((trouble) => told.push(trouble?.message ?? null));
    refuseWrites(new StorageError('full', 'the disk is full'));
    await expect(ledger.commit(take(1))).rejects.toThrow('full');
    refuseWrites(null);
    await ledger.commit(take(1));
    await ledger.commit(take(2));
    expect(told).toEqual([null, 'the disk is full', null]);
  });

  it('says its prelude before anything else, once, as soon as the disk takes it', async () => {
    const opening: Command = { type: 'recordFact', fact: { type: 'session.opened', data: { session: 1 } } };
    const { ledger, appended, refuseWrites } = await open(undefined, {
      prelude: (state) => (state.session < 1 ? opening : null),
      refuse: new StorageError('read-only', 'the disk is read-only'),
    });
    await expect(ledger.commit(take(1))).rejects.toThrow('read-only');
    expect(ledger.state.session).toBe(0);
    refuseWrites(null);
    await ledger.commit(take(1));
    await ledger.commit(take(2));
    expect(appended.flat().map(({ type }) => type)).toEqual([
      'session.opened',
      'message.received',
      'message.received',
    ]);
  });

  it('refuses commits after its end', async () => {
    const { ledger } = await open();
    await ledger.close();
    await expect(ledger.commit(take(1))).rejects.toThrow('closed');
  });
});
