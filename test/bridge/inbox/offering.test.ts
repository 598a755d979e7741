import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import type { InboxSource } from '../../../src/bridge/inbox/inbox.ts';
import { startOffering } from '../../../src/bridge/inbox/offering.ts';
import { defaultOfferRules } from '../../../src/domain/inbox/offer-plan.ts';
import { StorageError } from '../../../src/domain/ports/storage.ts';
import type { ChannelNotification } from '../../../src/domain/rendering/render.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { chatRow, idOf, OWN } from '../../support/rows.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** A workspace's real ledger with these messages in its inbox; its disk can be made to refuse. */
async function sourceWith(...numbers: readonly number[]) {
  const logger = recordingLogger();
  const log = openEventLog({ folder: createTempFolder('offering'), disk: createDisk({ logger }), logger });
  const disk = { refuses: false };
  const ledger = await openLedger({
    log: {
      ...log,
      append: async (events) => {
        if (disk.refuses) throw new StorageError('full', 'the disk is full');
        await log.append(events);
      },
    },
    clock: Date.now,
  });
  const rows = numbers.map((number) => classifyRow(chatRow(number, `message ${number}`), OWN));
  await ledger.commit({ type: 'takeRows', opened: null, rows, advanced: null });
  for (const number of numbers)
    await ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] });
  const source: InboxSource = { workspaceId: OWN, platformUrl: 'http://platform.test', ledger };
  return { source, disk };
}

function offer(sources: readonly InboxSource[], pushWindow = 50) {
  const pushes: ChannelNotification[] = [];
  const changed$ = new Subject<readonly string[]>();
  const offering = startOffering({
    host: {
      initialized: Promise.resolve(),
      push: async (notification) => void pushes.push(notification),
      inboxChanged: () => {},
    },
    sources: () => sources,
    changed$,
    named: false,
    rules: { ...defaultOfferRules, pushWindow },
    clock: Date.now,
    logger: recordingLogger(),
  });
  const pushed = () => pushes.map(({ meta }) => meta.activity_id ?? meta.kind);
  return { offering, pushed, changed$ };
}

describe('offering', () => {
  it("pushes what one workspace has noted, though another's disk refuses", async () => {
    const [full, sound] = [await sourceWith(1), await sourceWith(2, 3)];
    full.disk.refuses = true;
    const { offering, pushed } = offer([full.source, sound.source]);
    await until(() => pushed().length === 2, 'both messages of the sound workspace');
    expect(pushed()).toEqual([idOf(2), idOf(3)]);

    full.disk.refuses = false;
    await until(() => pushed().includes(idOf(1)), 'the message of the mended one');
    offering.stop();
  });

  it('fills the window first, then tells the rest in a digest, and goes on as messages are popped', async () => {
    const { source } = await sourceWith(1, 2, 3, 4);
    const { offering, pushed, changed$ } = offer([source], 2);
    await until(() => pushed().length === 3, 'two messages and a digest');
    expect(pushed()).toEqual([idOf(1), idOf(2), 'inbox_digest']);
    await source.ledger.commit({ type: 'popMessage', activityId: idOf(1), by: 'pop' });
    changed$.next([idOf(1)]);
    await until(() => pushed().length === 4, 'the third');
    expect(pushed().at(-1)).toBe(idOf(3));
    offering.stop();
  });
});
