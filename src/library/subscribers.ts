import type { Observable } from 'rxjs';
import type { InboxMessage } from '../domain/message.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Subscribable } from './bridge-api.ts';

/** Those who subscribed, before or after the bridge began. */
export interface Subscribers extends Subscribable<InboxMessage> {
  /** Lets everybody hear from now on. */
  begin(messages$: Observable<InboxMessage>): void;
}

/** Subscribers who can harm nobody: what one throws, or what its promise rejects with, is a line for a person. */
export function createSubscribers(logger: Logger): Subscribers {
  let source: Observable<InboxMessage> | null = null;
  const waiting = new Set<(messages$: Observable<InboxMessage>) => void>();

  /** The subscriber may well be an async function, though nobody waits for it. */
  async function hand(message: InboxMessage, next: (message: InboxMessage) => unknown): Promise<void> {
    try {
      await next(message);
    } catch (error) {
      logger.error(`a subscriber of messages$ threw: ${String(error)}`);
    }
  }

  return {
    begin(messages$) {
      source = messages$;
      for (const begin of waiting) begin(messages$);
      waiting.clear();
    },
    subscribe(next) {
      let subscription: { unsubscribe(): void } | undefined;
      const begin = (messages$: Observable<InboxMessage>) => {
        subscription = messages$.subscribe((message) => void hand(message, next));
      };
      if (source) begin(source);
      else waiting.add(begin);
      return {
        unsubscribe() {
          waiting.delete(begin);
          subscription?.unsubscribe();
        },
      };
    },
  };
}
