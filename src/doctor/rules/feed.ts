import type { UnreadRows } from '../../bridge/feed/unread-rows.ts';
import type { Attempt } from '../attempt.ts';
import { type Finding, failed, ok, skipped, warning } from '../finding.ts';
import type { LogFacts } from '../probes/log.ts';
import { judgeTrouble } from './trouble.ts';

/** What decides about the feed: what is kept here, and what the platform says about the place where we stopped. */
export interface FeedCase {
  readonly log: LogFacts;
  /** Null when the platform was not asked. */
  readonly feed: Attempt<UnreadRows> | null;
  readonly windows: number;
}

/** Whether reading can go on where it stopped. */
export function judgeFeed({ log, feed, windows }: FeedCase): Finding {
  if (log.kind === 'damaged') {
    return failed(
      CHECK,
      'configuration',
      `the log cannot be read: ${log.reason}`,
      'Keep a copy, then `molecule-inbox forget` it: the platform still has the rows of 7 days.',
    );
  }
  if (log.kind === 'none') return skipped(CHECK, 'nothing was read here yet');
  if (feed === null) return skipped(CHECK, 'nothing to go on from yet');
  if (!feed.ok && feed.error.kind === 'cursor-gone') {
    return warning(
      CHECK,
      'the row where reading stopped is no longer on the platform',
      'Nothing to do: the next poll reads again from further back, and repeats nothing.',
    );
  }
  if (!feed.ok) return judgeTrouble(CHECK, feed.error);
  const { unread, isPageFull } = feed.value;
  if (unread === 0) return ok(CHECK, 'everything on the platform was read');
  const isOne = unread === 1 && !isPageFull;
  const count = `${unread}${isPageFull ? ' or more' : ''} ${isOne ? 'row' : 'rows'} on the platform`;
  if (windows === 0) return ok(CHECK, `${count} ${isOne ? 'waits' : 'wait'} to be read`);
  return warning(
    CHECK,
    `${count} ${isOne ? 'was' : 'were'} not read yet, though a window runs`,
    'Look again in a minute; if they stay, the windows check tells the last error.',
  );
}

const CHECK = 'feed';
