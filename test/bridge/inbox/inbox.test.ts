import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import { createInbox } from '../../../src/bridge/inbox/inbox.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { chatRow, idOf, OWN } from '../../support/rows.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

async function open() {
  const logger = recordingLogger();
  const log = openEventLog({ folder: createTempFolder('inbox'), disk: createDisk({ logger }), logger });
  const ledger = await openLedger({ log, clock: Date.now });
  const arrivals$ = new Subject<void>();
  const source = { workspaceId: OWN, platformUrl: 'http://platform.example', ledger };
  const inbox = createInbox({ sources: () => [source], arrivals$, named: false });
  const arrive = async (number: number) => {
    const rows = [classifyRow(chatRow(number, `message ${number}`), OWN)];
    await ledger.commit({ type: 'takeRows', opened: null, rows, advanced: null });
    await ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] });
  };
  return { ledger, arrivals$, inbox, arrive };
}

describe('waiting for a message', () => {
  it('W-29: goes on when the message that woke it was popped before it looked', async () => {
    const { arrivals$, inbox, arrive } = await open();
    let settled = false;
    const waiting = inbox.wait(20_000, new AbortController().signal).finally(() => {
      settled = true;
    });
    await arrive(1);
    await inbox.pop(idOf(1), 'pop');
    arrivals$.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    await arrive(2);
    arrivals$.next();
    expect(await waiting).toMatchObject({ text: 'message 2' });
  });

  it('ends without one when its time is over, and when it is called off', async () => {
    const { inbox } = await open();
    expect(await inbox.wait(1, new AbortController().signal)).toBeNull();
    const controller = new AbortController();
    const waiting = inbox.wait(20_000, controller.signal);
    controller.abort();
    expect(await waiting).toBeNull();
  });

  it('shows nothing that is not durable yet', async () => {
    const { inbox, ledger, arrive } = await open();
    await arrive(1);
    const rows = [classifyRow(chatRow(2, 'message 2'), OWN)];
    await ledger.commit({ type: 'takeRows', opened: null, rows, advanced: null });
    const released = ledger.commit({ type: 'releaseMessage', activityId: idOf(2), outcomes: [] });
    expect(ledger.state.inbox.size).toBe(2);
    expect(inbox.peek({ limit: 10 })).toMatchObject({ total: 1, has_more: false });
    expect(inbox.waiting()).toBe(1);
    await released;
    expect(inbox.waiting()).toBe(2);
  });
});
