/** What a reply told about the requests that are left, as `adapters/platform` reads it (§1.5, §15.2). */
export interface HeardBudget {
  /** Requests a window; `Infinity` for no limit, null when the server did not say. */
  readonly limit: number | null;
  readonly remaining: number;
  /** Until the window begins anew, milliseconds. */
  readonly resetMs: number;
}

/** How urgent a request is: each may spend what the more urgent ones are not sure to need. */
export type Urgency = 'heartbeat' | 'traffic' | 'idle' | 'start';

/** What is known of one bucket of requests: a window of fixed length, counted down. */
export interface Budget {
  /** Requests a window; `Infinity` without a limit. */
  readonly limit: number;
  /** Requests that may still leave in this window, those on their way deducted. */
  readonly remaining: number;
  /** When the window begins anew; null before the first request. */
  readonly resetsAtMs: number | null;
  /** Requests whose replies have not come. */
  readonly inFlight: number;
}

/** A bucket of which nothing has been heard: as careful as with the platform's usual 600 requests a minute. */
export function unheardBudget(): Budget {
  return { limit: USUAL_LIMIT, remaining: USUAL_LIMIT, resetsAtMs: null, inFlight: 0 };
}

/** The bucket as it stands now: full again when its window is over. */
export function budgetAt(budget: Budget, nowMs: number): Budget {
  if (budget.resetsAtMs === null || nowMs < budget.resetsAtMs) return budget;
  return { ...budget, remaining: budget.limit - budget.inFlight, resetsAtMs: null };
}

/** The bucket after a request has left. */
export function afterSending(budget: Budget, nowMs: number): Budget {
  const { remaining, resetsAtMs, inFlight } = budgetAt(budget, nowMs);
  return {
    ...budget,
    remaining: remaining - 1,
    resetsAtMs: resetsAtMs ?? nowMs + WINDOW_MS + MARGIN_MS,
    inFlight: inFlight + 1,
  };
}

/** The bucket after a reply's head has come; its request still counts as on its way. */
export function afterReply(budget: Budget, heard: HeardBudget, nowMs: number): Budget {
  return {
    ...budget,
    limit: heard.limit ?? budget.limit,
    remaining: heard.remaining - Math.max(0, budget.inFlight - 1),
    // The server cuts its seconds off, and its window may begin a little later than the reply says.
    resetsAtMs: nowMs + heard.resetMs + MARGIN_MS,
  };
}

/** The bucket after a request has ended, however it did. */
export function afterEnding(budget: Budget): Budget {
  return { ...budget, inFlight: Math.max(0, budget.inFlight - 1) };
}

/**
 * How long a request must wait before it may be asked about again; 0 when it may leave at once. `present` workspaces
 * send heartbeats from this bucket.
 */
export function waitMs(budget: Budget, urgency: Urgency, present: number, nowMs: number): number {
  const now = budgetAt(budget, nowMs);
  const untilResetMs = (now.resetsAtMs ?? nowMs + WINDOW_MS) - nowMs;
  return now.remaining > reserve(now.limit, urgency, present, untilResetMs) ? 0 : untilResetMs;
}

/** What is left to more urgent requests until the window ends. */
function reserve(limit: number, urgency: Urgency, present: number, untilResetMs: number): number {
  if (limit === Number.POSITIVE_INFINITY) return 0;
  const beats = Math.min(0.5 * limit, (present * untilResetMs) / restsOf(limit, present).heartbeatMs);
  return Math.ceil((urgency === 'heartbeat' ? 0 : beats) + SHARE_LEFT[urgency] * limit);
}

const SHARE_LEFT: Readonly<Record<Urgency, number>> = {
  heartbeat: 0.01,
  traffic: 0.02,
  idle: 0.06,
  start: 0.08,
};

/** The shortest rests with which that many workspaces leave room in a bucket for their traffic. */
export function restsOf(limit: number, sharers: number): { heartbeatMs: number; pollMs: number } {
  const perMinute = Math.max(1, limit);
  const heartbeatMs = Math.min(
    LONGEST_HEARTBEAT_REST_MS,
    (60_000 * Math.max(1, sharers)) / (0.25 * perMinute),
  );
  const beatsPerMinute = (60_000 * sharers) / heartbeatMs;
  const idlePerMinute = Math.max(0.05 * perMinute, 0.65 * perMinute - beatsPerMinute);
  return { heartbeatMs, pollMs: (60_000 * sharers) / idlePerMinute };
}

/** How long a wake-up stream may be silent (§12.1): longer than own heartbeats, which make a frame each, are apart. */
export function silenceMs(sharers: number): number {
  return Math.max(60_000, 40_000 + 1.1 * restsOf(USUAL_LIMIT, sharers).heartbeatMs);
}

/** Length of the server's window. */
export const WINDOW_MS = 60_000;
const USUAL_LIMIT = 600;
const MARGIN_MS = 1_500;
/** With jitter, the request's own time and a wait for its turn it stays below 70 s: after 90 s an agent is gone (§3.3). */
const LONGEST_HEARTBEAT_REST_MS = 60_000;
