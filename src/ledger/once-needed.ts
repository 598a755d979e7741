import { filter, Subscription, take } from 'rxjs';
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
  const running = new Subscription();
  const begin = () => running.add(start());
  if (isNeeded(ledger.state)) begin();
  else
    running.add(
      ledger.events$
        .pipe(
          filter(() => isNeeded(ledger.state)),
          take(1),
        )
        .subscribe(begin),
    );
  return running;
}
