import type { Observable, Subscription } from 'rxjs';
import type { WaitingMessage } from '../domain/inbox-state.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { presentMessage } from '../domain/present.ts';
import { type ChannelNotification, renderChannel } from '../domain/render.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** The host as far as offering needs it. */
export interface Host {
  /** Resolves once the host has said `initialized`. */
  readonly initialized: Promise<unknown>;
  /** Resolves when the pipe took the notification; rejects when it is gone or stalled. */
  push(notification: ChannelNotification): Promise<void>;
  /** Tells subscribers of the inbox that it changed. */
  inboxChanged(activityIds?: readonly string[]): void;
}

/** Offering under way. */
export interface Offering {
  stop(): void;
}

/** What offering needs. */
export interface OfferingParts {
  readonly host: Host;
  readonly sources: () => readonly OfferingSource[];
  /** Emits when there may be something new to offer. */
  readonly changed$: Observable<unknown>;
  readonly named: boolean;
  readonly logger: Logger;
}

/** One workspace's share of what is offered. */
export interface OfferingSource {
  readonly workspaceId: string;
  readonly platformUrl: string;
  readonly ledger: Ledger;
}

/** Offers every waiting message once a session, in order, after the host has said `initialized`. */
export function startOffering({ host, sources, changed$, named, logger }: OfferingParts): Offering {
  let running = false;
  let due = false;
  let stopped = false;
  let subscription: Subscription | undefined;

  async function offerAll(): Promise<void> {
    due = true;
    if (running) return;
    running = true;
    while (due && !stopped) {
      due = false;
      for (const source of sources()) await offerWaiting(source);
    }
    running = false;
  }

  async function offerWaiting({ workspaceId, platformUrl, ledger }: OfferingSource): Promise<void> {
    for (const waiting of unoffered(ledger)) {
      if (stopped) return;
      const message = presentMessage(waiting, ledger.state, named ? workspaceId : null);
      await host.push(renderChannel(message, platformUrl));
      await ledger.commit({ type: 'noteOffers', activityIds: [message.activity_id] });
      host.inboxChanged([message.activity_id]);
    }
  }

  host.initialized.then(() => {
    const again = () => {
      offerAll().catch((error: unknown) => {
        running = false;
        logger.warn(`a message could not be pushed: ${String(error)}`);
      });
    };
    subscription = changed$.subscribe(again);
    again();
  });
  return {
    stop() {
      stopped = true;
      subscription?.unsubscribe();
    },
  };
}

function unoffered(ledger: Ledger): readonly WaitingMessage[] {
  const { state, durableSeq } = ledger;
  return [...state.inbox.values()].filter(
    (waiting) => waiting.releasedSeq <= durableSeq && !waiting.offeredIn.includes(state.session),
  );
}
