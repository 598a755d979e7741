/** A message of the inbox, as far as offering it matters. */
export interface OfferCandidate {
  readonly activityId: string;
  /** Sessions of its workspace in which it was offered, oldest first. */
  readonly offeredIn: readonly number[];
  /** The present session of its workspace. */
  readonly session: number;
  /** Its `created_at`, microseconds since the epoch. */
  readonly atMicros: number;
}

/** How much is pushed before the agent has to act. */
export interface OfferRules {
  /** Messages pushed in this session and not popped, at most; 0 = no limit, neither on these nor on redelivered ones. */
  readonly pushWindow: number;
  /** How many of them may be redelivered ones. */
  readonly redeliveredWindow: number;
  /** A digest is renewed for newcomers, but not before this many milliseconds. */
  readonly digestEveryMs: number;
}

/** What the reference's user would expect: fifty messages, twenty of them old, and a digest every five minutes at most. */
export const defaultOfferRules: OfferRules = {
  pushWindow: 50,
  redeliveredWindow: 20,
  digestEveryMs: 300_000,
};

/** What to push next. */
export interface OfferPlan {
  /** Each on its own, in this order. */
  readonly offers: readonly Offer[];
  /** After them, when something stays unshown and it is time to say so. */
  readonly digest: Digest | null;
  /** What to hand in next time; the digest's, once it was pushed. */
  readonly lastDigest: LastDigest | null;
  /** When to plan again although nothing changes, in milliseconds; null when only a change matters. */
  readonly againInMs: number | null;
}

/** One push. */
export interface Offer {
  readonly activityId: string;
  /** It was offered in an earlier session. */
  readonly redelivered: boolean;
}

/** One notification for all that is not pushed on its own. */
export interface Digest {
  /** All that waits in the inbox. */
  readonly waiting: number;
  /** How many of these this session has not shown. */
  readonly unshown: number;
  /** The oldest of all that waits, microseconds since the epoch. */
  readonly oldestMicros: number;
}

/** The digest that a session has pushed last. */
export interface LastDigest {
  readonly atMs: number;
  /** The newest message that it spoke of. */
  readonly newestId: string;
}

/**
 * Plans what a session pushes next (issue "Nothing lost", no storm). `waiting` is the inbox, oldest first.
 * A message offered in two earlier sessions is not pushed again: it appears in the digest only. Fresh messages never
 * overtake each other; a redelivered one that has to wait holds no fresh one up, since it was shown before.
 */
export function planOffers(request: {
  readonly waiting: Iterable<OfferCandidate>;
  readonly rules: OfferRules;
  readonly lastDigest: LastDigest | null;
  readonly nowMs: number;
}): OfferPlan {
  const { rules, lastDigest, nowMs } = request;
  const candidates = [...request.waiting];
  const room = roomIn(candidates, rules);
  const offers: Offer[] = [];
  let unshown = 0;
  let newestId = '';
  let oldestMicros = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    oldestMicros = Math.min(oldestMicros, candidate.atMicros);
    if (isShown(candidate)) continue;
    const earlier = candidate.offeredIn.length;
    if (earlier <= 1 && room.take(earlier === 1)) {
      offers.push({ activityId: candidate.activityId, redelivered: earlier === 1 });
    } else {
      unshown += 1;
      newestId = candidate.activityId;
    }
  }
  const silent = { offers, digest: null, lastDigest, againInMs: null };
  if (unshown === 0 || lastDigest?.newestId === newestId) return silent;
  const againInMs = lastDigest === null ? 0 : lastDigest.atMs + rules.digestEveryMs - nowMs;
  if (againInMs > 0) return { ...silent, againInMs };
  return {
    offers,
    digest: { waiting: candidates.length, unshown, oldestMicros },
    lastDigest: { atMs: nowMs, newestId },
    againInMs: null,
  };
}

/** Places left in the window; `take` says whether one more message fits, and then counts it. */
function roomIn(
  candidates: readonly OfferCandidate[],
  rules: OfferRules,
): { take(redelivered: boolean): boolean } {
  if (rules.pushWindow === 0) return { take: () => true };
  const shown = candidates.filter(isShown);
  let free = rules.pushWindow - shown.length;
  let freeForOld = rules.redeliveredWindow - shown.filter(({ offeredIn }) => offeredIn.length > 1).length;
  return {
    take(redelivered) {
      if (free <= 0 || (redelivered && freeForOld <= 0)) return false;
      free -= 1;
      if (redelivered) freeForOld -= 1;
      return true;
    },
  };
}

/** Whether this session has pushed it. */
function isShown({ offeredIn, session }: OfferCandidate): boolean {
  return offeredIn.includes(session);
}
