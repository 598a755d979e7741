/** How long each kind of request may take, from the first byte sent to the last one read (W-17). Milliseconds. */
export interface Deadlines {
  /** Register, heartbeat, describe. */
  readonly presenceMs: number;
  /** One page of the feed. */
  readonly feedMs: number;
  /** Every other short call. */
  readonly callMs: number;
  /** A message to a peer, who may work on it before answering (§6.6). */
  readonly peerMs: number;
  /** A whole file down or a whole request of files up. */
  readonly transferMs: number;
  /** The longest pause inside a transfer. */
  readonly stallMs: number;
  /** Until a wake-up stream answers. */
  readonly openStreamMs: number;
  /** Without an event a wake-up stream counts as dead: own heartbeats make one each (§12.1). */
  readonly silenceMs: number;
}

/** How much of a reply is taken. */
export interface ReplyLimits {
  /** Bytes of a JSON reply. */
  readonly jsonBytes: number;
  /** Characters of one event on the wake-up stream, which carries the whole row's body. */
  readonly eventChars: number;
}

/** Deadlines that suit a laptop on any line; a poll or a heartbeat gives up well before its next turn is missed. */
export const DEFAULT_DEADLINES: Deadlines = {
  presenceMs: 10_000,
  feedMs: 30_000,
  callMs: 30_000,
  peerMs: 300_000,
  transferMs: 900_000,
  stallMs: 30_000,
  openStreamMs: 15_000,
  silenceMs: 60_000,
};

/** Room for the largest page that HEAD can hold whole, and for an event with May's largest body however it is escaped. */
export const DEFAULT_REPLY_LIMITS: ReplyLimits = { jsonBytes: 64 * 1024 * 1024, eventChars: 8 * 1024 * 1024 };
