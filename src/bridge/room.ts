import type { Ledger } from '../ledger/ledger.ts';

/** How much of one workspace may wait, in memory and on disk; a page of the feed may exceed it by itself. */
export interface InboxLimits {
  readonly maxMessages: number;
  /** UTF-16 code units of all texts together. */
  readonly maxBodyChars: number;
}

/** 20,000 messages, or 64 MiB at two bytes a UTF-16 unit. */
export const defaultLimits: InboxLimits = { maxMessages: 20_000, maxBodyChars: 32 * 1024 * 1024 };

/** Whether the inbox may take another page: the platform keeps the rows until it may. */
export function hasRoom({ state }: Pick<Ledger, 'state'>, limits: InboxLimits = defaultLimits): boolean {
  return state.inbox.size + state.held.size < limits.maxMessages && state.bodyChars < limits.maxBodyChars;
}
