import { concatMap, defer, from, map, merge, type Observable, of } from 'rxjs';
import type { InboxMessage } from '../../domain/message.ts';
import type { Inbox } from './inbox.ts';

/** What following every message takes. */
export interface EveryMessageParts {
  readonly inbox: Pick<Inbox, 'peek' | 'find'>;
  /** The ids of messages as they are released. */
  readonly released$: Observable<string>;
  /** Emits when a ledger was opened: what waits in it is to be told, too. */
  readonly opened$: Observable<unknown>;
}

/** Every message that waits, then every one that comes, each once to each subscriber. */
export function everyMessage({ inbox, released$, opened$ }: EveryMessageParts): Observable<InboxMessage> {
  return defer(() => {
    let told = new Set<string>();
    let forgetAbove = FORGET_ABOVE;

    /** What waits and was not told yet; what has been popped since need not be remembered. */
    function backlog(): readonly InboxMessage[] {
      const { messages } = inbox.peek({ limit: Number.MAX_SAFE_INTEGER });
      const fresh = messages.filter(({ activity_id }) => !told.has(activity_id));
      told = new Set(messages.map(({ activity_id }) => activity_id));
      return fresh;
    }

    /** What was popped does not come again; looked at each time that twice as much is remembered as last waited. */
    function forgetPopped(): void {
      if (told.size < forgetAbove) return;
      told = new Set([...told].filter((id) => inbox.find(id) !== null));
      forgetAbove = Math.max(FORGET_ABOVE, 2 * told.size);
    }

    function arrival(activityId: string): readonly InboxMessage[] {
      const message = told.has(activityId) ? undefined : inbox.find(activityId)?.message;
      told.add(activityId);
      forgetPopped();
      return message ? [message] : [];
    }

    return merge(merge(of(null), opened$).pipe(map(backlog)), released$.pipe(map(arrival))).pipe(
      concatMap((messages) => from(messages)),
    );
  });
}

/** How many are remembered at least, waiting or not. */
const FORGET_ABOVE = 1_000;
