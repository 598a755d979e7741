import type { Observable } from 'rxjs';
import { createActor, fromPromise } from 'xstate';
import { deliveryMachine, type OfferResult } from '../../machines/delivery.ts';
import type { MachineMove } from '../domain/frame.ts';
import { type LastDigest, type OfferRules, planOffers } from '../domain/offer-plan.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import { presentMessage } from '../domain/present.ts';
import { type ChannelNotification, renderChannel } from '../domain/render.ts';
import { renderDigest } from '../domain/render-digest.ts';
import { watchMachine } from '../recording/watch-machine.ts';
import { type InboxSource, inOrder } from './inbox.ts';

/** The host as far as offering needs it. */
export interface Host {
  /** Resolves once the host has said `initialized`. */
  readonly initialized: Promise<unknown>;
  /** Resolves when the pipe took the notification; rejects when it is gone or stalled. */
  push(notification: ChannelNotification): Promise<void>;
  /** Tells subscribers of the inbox that it changed. */
  inboxChanged(activityIds?: readonly string[]): void;
}

/** What offering needs. */
export interface OfferingParts {
  readonly host: Host;
  readonly sources: () => readonly InboxSource[];
  /** Emits when there may be something new to offer: a release, a pop, a ledger that was opened. */
  readonly changed$: Observable<unknown>;
  readonly named: boolean;
  readonly rules: OfferRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Hands waiting messages to the host, each once a session, in order, within a window; what does not fit is told in a
 * digest. An offer is noted in the log before it is pushed, so that after any crash it comes as redelivered; a push that
 * failed stays owed and is made up for first.
 */
export function startOffering({ host, changed$, logger, ...parts }: OfferingParts): Offering {
  const owed: Owed[] = [];
  const notices: ChannelNotification[] = [];
  let lastDigest: LastDigest | null = null;

  async function offerNext(signal: AbortSignal): Promise<OfferResult> {
    let againInMs: number | null = null;
    for (let notice = notices[0]; notice && !signal.aborted; notice = notices[0]) {
      await host.push(notice);
      notices.shift();
    }
    if (owed.length === 0) {
      const sources = parts.sources();
      const places = [...inOrder(sources)];
      const plan = planOffers({
        waiting: places.map(({ source, waiting }) => ({
          activityId: waiting.message.activity_id,
          offeredIn: waiting.offeredIn,
          session: source.ledger.state.session,
          atMicros: waiting.row.atMicros,
        })),
        rules: parts.rules,
        lastDigest,
        nowMs: parts.clock(),
      });
      againInMs = plan.againInMs;
      const planned = new Set(plan.offers.map(({ activityId }) => activityId));
      const offered = places
        .filter(({ waiting }) => planned.has(waiting.message.activity_id))
        .slice(0, BATCH);
      await Promise.all(
        sources.map((source) =>
          note(
            source,
            offered.filter((place) => place.source === source),
          ),
        ),
      );
      owed.push(
        ...offered.map(({ source, waiting }) => ({ source, activityId: waiting.message.activity_id })),
      );
      if (plan.digest && offered.length === plan.offers.length) {
        await host.push(renderDigest(plan.digest));
        lastDigest = plan.lastDigest;
      }
    }
    const { length } = owed;
    for (let next = owed[0]; next && !signal.aborted; next = owed[0]) {
      await push(next);
      owed.shift();
    }
    return { offered: length, more: length >= BATCH, againInMs };
  }

  async function push({ source, activityId }: Owed): Promise<void> {
    const { ledger, workspaceId, platformUrl } = source;
    const waiting = ledger.state.inbox.get(activityId);
    // Popped meanwhile, or left to another window.
    if (!waiting || !parts.sources().some((open) => open.ledger === ledger)) return;
    const message = presentMessage(waiting, ledger.state, parts.named ? workspaceId : null);
    await host.push(renderChannel(message, platformUrl));
  }

  const actor = createActor(
    deliveryMachine.provide({ actors: { offerNext: fromPromise(({ signal }) => offerNext(signal)) } }),
    { input: {}, logger: () => {} },
  );
  actor.on('notice', ({ level, text }) => logger[level](text));
  actor.start();
  host.initialized.then(() => actor.send({ type: 'host.initialized' }));
  const changes = changed$.subscribe(() => {
    if (actor.getSnapshot().status !== 'active') return;
    actor.send({ type: 'inbox.changed' });
    host.inboxChanged();
  });

  return {
    tell(notice) {
      notices.push(notice);
      if (actor.getSnapshot().status === 'active') actor.send({ type: 'inbox.changed' });
    },
    watchMoves: (onMove) => watchMachine(actor, 'delivery', onMove),
    stop() {
      changes.unsubscribe();
      if (actor.getSnapshot().status === 'active') actor.send({ type: 'stop' });
    },
  };
}

/** Offering under way. */
export interface Offering {
  /** Hands the host a notification that is no message, before the messages; made up for when the push fails. */
  tell(notice: ChannelNotification): void;
  /** Tells each step of its machine from now on, first where it is; the result ends that. */
  watchMoves(onMove: (move: MachineMove) => void): () => void;
  stop(): void;
}

interface Owed {
  readonly source: InboxSource;
  readonly activityId: string;
}

async function note(
  source: InboxSource,
  places: readonly { readonly waiting: { readonly message: { readonly activity_id: string } } }[],
): Promise<void> {
  if (places.length === 0) return;
  await source.ledger.commit({
    type: 'noteOffers',
    activityIds: places.map(({ waiting }) => waiting.message.activity_id),
  });
}

/** Offers noted in one append. */
const BATCH = 50;
