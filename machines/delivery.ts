import { assign, enqueueActions, fromPromise, setup } from 'xstate';
import { type BackoffPolicy, backoffMs } from '../src/domain/network/backoff.ts';
import { readFailure } from './failure.ts';
import type { Notice } from './notice.ts';

/** What can be told to the delivery machine. */
export type DeliveryEvent =
  /** The host has said `initialized`: before that nothing is pushed. */
  | { readonly type: 'host.initialized' }
  /** Something may be offered now: a message was released, or popped, or delivery of a workspace was acquired. */
  | { readonly type: 'inbox.changed' }
  | { readonly type: 'host.gone' }
  | { readonly type: 'stop' };

/** What one offering came to. */
export interface OfferResult {
  /** Messages and digests that the host took. */
  readonly offered: number;
  /** It stopped half-way (a batch's end) and has more at once. */
  readonly more: boolean;
  /** When to offer again although nothing changes (a digest that is due later); null when only a change matters. */
  readonly againInMs: number | null;
}

/** Pacing, with defaults. */
export interface DeliveryInput {
  /** How often it looks although nobody said that the inbox changed. Default 60 s. */
  readonly lookEveryMs?: number;
  /** Draws jitter, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

interface DeliveryContext {
  readonly lookEveryMs: number;
  readonly random: () => number;
  /** The inbox changed during an offering: exactly one more follows. */
  readonly changedMeanwhile: boolean;
  readonly againInMs: number | null;
  readonly failures: number;
  readonly lastError: string | null;
  readonly retryInMs: number;
}

/**
 * Offers waiting messages to the host, one offering at a time. What to offer is `planOffers`' to say, what is durable is
 * the ledger's: this decides when. A push that fails leaves the message in the inbox and is tried again with growing
 * pauses. Its one I/O, `offerNext`, keeps a deadline of its own.
 */
export const deliveryMachine = setup({
  types: {} as { context: DeliveryContext; events: DeliveryEvent; emitted: Notice; input: DeliveryInput },
  actors: {
    offerNext: fromPromise<OfferResult>(async () => {
      throw new Error('the actor offerNext is not provided');
    }),
  },
  actions: {
    'expect another offering': assign({ changedMeanwhile: true }),
    'begin to offer': assign({ changedMeanwhile: false, againInMs: null }),
    'note the result': assign({
      changedMeanwhile: ({ context }, { more, offered }: OfferResult) =>
        // An offering that offers nothing and yet has more would never end.
        context.changedMeanwhile || (more && offered > 0),
      againInMs: (_, { againInMs }: OfferResult) => againInMs,
    }),
    'note success': enqueueActions(({ context, enqueue }) => {
      if (context.lastError === null) return;
      enqueue.assign({ failures: 0, lastError: null });
      enqueue.emit({ type: 'notice', level: 'warn', text: 'the host takes messages again' });
    }),
    'note failure': enqueueActions(({ context, enqueue }, { error }: { error: unknown }) => {
      const { text } = readFailure(error);
      const failures = context.failures + 1;
      const retryInMs = backoffMs({ policy: PAUSES, failures, random: context.random() });
      enqueue.assign({ failures, lastError: text, retryInMs });
      if (context.lastError !== null) return;
      enqueue.emit({
        type: 'notice',
        level: 'warn',
        text: `messages cannot be pushed to the host: ${text}; they stay in the inbox, trying again with growing pauses`,
      });
    }),
  },
  guards: { 'changed meanwhile': ({ context }) => context.changedMeanwhile },
  delays: {
    'idle rest': ({ context }) => Math.min(context.againInMs ?? context.lookEveryMs, context.lookEveryMs),
    'failure pause': ({ context }) => context.retryInMs,
  },
}).createMachine({
  id: 'delivery',
  context: ({ input }) => ({
    lookEveryMs: input.lookEveryMs ?? 60_000,
    random: input.random ?? Math.random,
    changedMeanwhile: false,
    againInMs: null,
    failures: 0,
    lastError: null,
    retryInMs: 0,
  }),
  initial: 'waitingForHost',
  on: { 'host.gone': { target: '.stopped' }, stop: { target: '.stopped' } },
  states: {
    waitingForHost: { on: { 'host.initialized': { target: 'offering' } } },
    idle: {
      on: { 'inbox.changed': { target: 'offering' } },
      after: { 'idle rest': { target: 'offering' } },
    },
    offering: {
      entry: 'begin to offer',
      on: { 'inbox.changed': { actions: 'expect another offering' } },
      invoke: {
        id: 'offerNext',
        src: 'offerNext',
        onDone: {
          target: 'settled',
          actions: ['note success', { type: 'note the result', params: ({ event }) => event.output }],
        },
        onError: {
          target: 'backingOff',
          actions: { type: 'note failure', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    settled: { always: [{ guard: 'changed meanwhile', target: 'offering' }, { target: 'idle' }] },
    /** A change cannot hurry a host that does not take what it has. */
    backingOff: { after: { 'failure pause': { target: 'offering' } } },
    stopped: { type: 'final' },
  },
});

const PAUSES: BackoffPolicy = { firstMs: 1_000, maxMs: 30_000, jitter: 'equal' };
