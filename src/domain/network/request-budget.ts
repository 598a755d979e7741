/** What a reply told about the requests that are left, as `adapters/platform` reads it (§1.5, §15.2). */
export interface HeardBudget {
  /** Requests a window; `Infinity` for no limit, null when the server did not say. */
  readonly limit: number | null;
  readonly remaining: number;
  /** Until the window begins anew, milliseconds. */
  readonly resetMs: number;
}

/**
 * How urgent a request is, the most urgent first: each may spend what the more urgent ones are not sure to need.
 * - `heartbeat`: without one for 90 s an agent is gone (§3.3).
 * - `traffic`: somebody waits for it: the poll after a wake-up, an agent's call, a file.
 * - `opening`: what makes a registered workspace hear of messages: its wake-up stream, its first look at the feed.
 * - `start`: a registration.
 * - `idle`: what only makes sure: the polls of a quiet feed, a look at what the server can do.
 */
export type Urgency = (typeof URGENCIES)[number];

/** Every urgency, the most urgent first. */
export const URGENCIES = ['heartbeat', 'traffic', 'opening', 'start', 'idle'] as const;

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
 * How long a request must wait before it may be asked about again; 0 when it may leave at once. `beatsUntil` tells how
 * many heartbeats will be sent from this bucket until a time.
 */
export function waitMs(
  budget: Budget,
  urgency: Urgency,
  beatsUntil: (atMs: number) => number,
  nowMs: number,
): number {
  const { limit, remaining, resetsAtMs } = budgetAt(budget, nowMs);
  if (limit === Number.POSITIVE_INFINITY) return 0;
  const untilResetMs = (resetsAtMs ?? nowMs + WINDOW_MS) - nowMs;
  let reserve = CUSHIONS[urgency] * cushionOf(limit);
  if (urgency !== 'heartbeat') {
    reserve += Math.min(0.5 * limit, beatsUntil(nowMs + untilResetMs));
    reserve += (LEFT_TO_TRAFFIC[urgency] * limit * untilResetMs) / WINDOW_MS;
  }
  return remaining > reserve ? 0 : untilResetMs;
}

/**
 * Heartbeats that workspaces are likely to send until a time, by when each sent its last one (`-Infinity`: its first is
 * still to come) and how long they rest, give or take a tenth for their own time and turns. Counted and not averaged: those
 * of a crowd that started together come together.
 */
export function beatsUntil(atMs: number, lastBeats: Iterable<number>, restMs: number, nowMs: number): number {
  let beats = 0;
  for (const lastMs of lastBeats) {
    const rests = (atMs - Math.max(lastMs, nowMs - 1.1 * restMs)) / restMs;
    const whole = Math.round(rests);
    const chance = Math.max(-0.5, Math.min(0.5, 5 * (rests - whole)));
    beats += Math.max(0, whole - 0.5 + chance);
  }
  return beats;
}

/** What stays for the more urgent ones in any case, in shares of {@link cushionOf}. */
const CUSHIONS: Readonly<Record<Urgency, number>> = {
  heartbeat: 1,
  traffic: 2,
  opening: 3,
  start: 4,
  idle: 6,
};

function cushionOf(limit: number): number {
  return Math.max(1, 0.004 * limit);
}

/** Of a whole window. A message a second costs 120 polls a minute, one at once and one for late commits, and now and then a third. */
const LEFT_TO_TRAFFIC: Readonly<Record<Urgency, number>> = {
  heartbeat: 0,
  traffic: 0,
  opening: 0.06,
  start: 0.06,
  idle: 0.25,
};

/** Length of the server's window. */
export const WINDOW_MS = 60_000;
/** Requests a window that the platform allows where it says nothing else (§1.5). */
export const USUAL_LIMIT = 600;
const MARGIN_MS = 1_500;
