import { USUAL_LIMIT } from './request-budget.ts';

/** A rest between two requests of a quiet workspace. */
export type Rest = 'poll' | 'heartbeat';

/** How long each of them is, milliseconds. */
export type Rests = Readonly<Record<Rest, number>>;

/**
 * The shortest rests with which that many workspaces leave room in a bucket for their traffic: 15 % of it are for
 * heartbeats unless they would become too rare, and heartbeats and polls of quiet feeds together take 65 %.
 *
 * For 300 workspaces and 600 requests a minute: a heartbeat each 64 s is 281 a minute; 109 are for safety polls, one each
 * 165 s, since the wake-up streams tell of messages; 60 messages a minute are 120 polls; 90 are left. Starting takes
 * four requests of each (registration, heartbeat, stream, first look), 1,200 in all: 130 workspaces in the first window,
 * 100 in the second beside the heartbeats of the first ones, 70 in the third, so that all have started after some 130 s.
 * What can wait (a second look once the stream is open, what the server can do) leaves after that; a route that the
 * server has not is asked for once and not by each.
 */
export function restsOf(limit: number, sharers: number): Rests {
  const perMinute = Math.max(1, limit);
  const heartbeat = Math.min(LONGEST_HEARTBEAT_REST_MS, (60_000 * Math.max(1, sharers)) / (0.15 * perMinute));
  const beatsPerMinute = (60_000 * sharers) / heartbeat;
  const idlePerMinute = Math.max(0.05 * perMinute, 0.65 * perMinute - beatsPerMinute);
  return { heartbeat, poll: (60_000 * sharers) / idlePerMinute };
}

/**
 * The shortest rests that a process with so many workspaces affords, whatever their servers allow: a quiet request costs
 * some 2 ms of processor, so that 65 % of 3,000 a minute are some 6 % of a core. From 150 workspaces on heartbeats are
 * rarer than each would send them by itself.
 */
export function affordableRests(workspaces: number): Rests {
  return restsOf(3_000, workspaces);
}

/**
 * The shortest rest between the polls of a quiet feed whose wake-up stream is alive, in a process with so many workspaces:
 * 133 of them a minute, from 67 workspaces on fewer than each would send by itself, and one every two minutes at the
 * least. The stream tells of messages; these polls only make sure.
 */
export function safetyPollRestMs(workspaces: number): number {
  return Math.min(LONGEST_SAFETY_POLL_REST_MS, 450 * workspaces);
}

/**
 * How long a wake-up stream may be silent (§12.1): own heartbeats make a frame each, so for three of them; 60 s for one
 * workspace that sends them every 20 s. `ownMs` is their rest where nothing stretches it, `workspaces` are all of the
 * process.
 */
export function silenceMs(sharers: number, workspaces: number, ownMs: number): number {
  const longestMs = Math.max(restsOf(USUAL_LIMIT, sharers).heartbeat, affordableRests(workspaces).heartbeat);
  return 2 * ownMs + Math.max(ownMs, longestMs);
}

/**
 * With a tick, the request's own time and a wait for its turn it stays below 70 s: after 90 s an agent is gone (§3.3). A
 * little more than the server's window, so that a crowd's beats do not all fall into each.
 */
const LONGEST_HEARTBEAT_REST_MS = 64_000;
const LONGEST_SAFETY_POLL_REST_MS = 120_000;
