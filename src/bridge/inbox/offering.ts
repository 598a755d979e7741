import type { Observable } from 'rxjs';
import { createActor, fromPromise } from 'xstate';
import { deliveryMachine, type OfferResult } from '../../../machines/delivery.ts';
import type { MachineMove } from '../../domain/inbox/frame.ts';
import {
  type LastDigest,
  type OfferPlan,
  type OfferRules,
  planOffers,
} from '../../domain/inbox/offer-plan.ts';
import { presentMessage } from '../../domain/inbox/present.ts';
import type { Clock, Logger } from '../../domain/ports/runtime.ts';
import { type ChannelNotification, renderChannel } from '../../domain/rendering/render.ts';
import { renderDigest } from '../../domain/rendering/render-digest.ts';
import { watchMachine } from '../../recording/watch-machine.ts';
import { type InboxSource, inOrder } from './inbox.ts';

/** The host as far as offering needs it. */
export interface Host {
  /** Resolves once the host has said `initialized`. */
  readonly initialized: Promise<unknown>;
  /** Resolves when the pipe took the notification; rejects when it is gone or stalled. */
  push(notification: ChannelNotification): Promise<void>;
  /** Tells subscribers of the inbox that it changed. */
  inboxChanged(activityIds?: readonly string[]): void;
  /** A line for the person in front of it, where a host shows such. */
  log?(level: 'info', text: string): void;
  /** It has stopped reading what it is told. */
  readonly stalled?: boolean;
}

/** What offering needs. */
export interface OfferingParts {
  readonly host: Host;
  readonly sources: () => readonly InboxSource[];
  /** Emits the messages that have come, changed or gone; none when a ledger was opened. There may be something to offer. */
  readonly changed$: Observable<readonly string[]>;
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
  let digest: Pick<OfferPlan, 'digest' | 'lastDigest'> | null = null;
  let lastDigest: LastDigest | null = null;

  async function offerNext(signal: AbortSignal): Promise<OfferResult> {
    await drain(notices, signal, host.push);
    const planned = owed.length === 0 ? await planNext() : NOTHING_PLANNED;
    const offered = owed.length;
    await drain(owed, signal, push);
    if (digest?.digest && !signal.aborted) {
      await host.push(renderDigest(digest.digest));
      lastDigest = digest.lastDigest;
      digest = null;
    }
    if (offered > 0) host.log?.('info', arrived());
    // One workspace's disk must not keep what the others have noted from the host.
    if (planned.refusal) throw planned.refusal.reason;
    return { offered, more: offered >= BATCH, againInMs: planned.againInMs };
  }

  /** Notes the next batch in the logs, and owes it to the host from then on. */
  async function planNext(): Promise<Planned> {
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
    const planned = new Set(plan.offers.map(({ activityId }) => activityId));
    const batch = places
      .map(({ source, waiting }) => ({ source, activityId: waiting.message.activity_id }))
      .filter(({ activityId }) => planned.has(activityId))
      .slice(0, BATCH);
    const noted = await Promise.allSettled(sources.map((source) => note(source, batch)));
    owed.push(...batch.filter(({ source }) => noted[sources.indexOf(source)]?.status === 'fulfilled'));
    digest = batch.length === plan.offers.length ? plan : null;
    return { againInMs: plan.againInMs, refusal: noted.find((result) => result.status === 'rejected') };
  }

  /** For hosts without push, whose person reads their log. Nothing of a message's own words. */
  function arrived(): string {
    const count = parts.sources().reduce((sum, { ledger }) => sum + ledger.state.inbox.size, 0);
    return `${count === 1 ? '1 message waits' : `${count} messages wait`} in the inbox (inbox_peek)`;
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
  const changes = changed$.subscribe((activityIds) => {
    if (actor.getSnapshot().status !== 'active') return;
    actor.send({ type: 'inbox.changed' });
    host.inboxChanged(activityIds);
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

interface Planned {
  readonly againInMs: number | null;
  /** The first log that could not take its offers. */
  readonly refusal: PromiseRejectedResult | undefined;
}

const NOTHING_PLANNED: Planned = { againInMs: null, refusal: undefined };

async function note(source: InboxSource, batch: readonly Owed[]): Promise<void> {
  const activityIds = batch.filter((owed) => owed.source === source).map(({ activityId }) => activityId);
  if (activityIds.length > 0) await source.ledger.commit({ type: 'noteOffers', activityIds });
}

/** Pushes from the front of a queue; what the host did not take stays first. */
async function drain<Item>(
  queue: Item[],
  signal: AbortSignal,
  push: (item: Item) => Promise<void>,
): Promise<void> {
  for (let next = queue[0]; next !== undefined && !signal.aborted; next = queue[0]) {
    await push(next);
    queue.shift();
  }
}

/** Offers noted in one append: each plan looks at all that waits. */
const BATCH = 500;
