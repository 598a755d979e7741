import { Subscription } from 'rxjs';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { Ledger } from './ledger.ts';

/**
 * Starts work on a ledger once its state asks for it: now, or with the first durable event after which it does. The work
 * finds that event in the state and is started once. So a quiet workspace pays nothing for what it has no use for, and a
 * thousand of them fit into one process. Ending the result ends the work, or the wait for it.
 */
export function onceNeeded(
  ledger: Pick<Ledger, 'state' | 'events$'>,
  isNeeded: (state: Readonly<InboxState>) => boolean,
  start: () => Subscription,
): Subscription {
  if (isNeeded(ledger.state)) return start();
  // With operators it would be a KiB more, for each of a thousand that wait for good.
  const running = new Subscription();
  const waiting = ledger.events$.subscribe(() => {
    if (!isNeeded(ledger.state)) return;
    waiting.unsubscribe();
    running.add(start());
  });
  running.add(waiting);
  return running;
}
