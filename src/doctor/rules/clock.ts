import type { FeedPage } from '../../domain/ports/platform.ts';
import { type Finding, ok, skipped, warning } from '../finding.ts';

/** Whether this machine's clock and the platform's agree. `askedAtMs`: this machine's, in the middle of asking. */
export function judgeClock(page: FeedPage | null, askedAtMs: number): Finding {
  if (page?.serverNowMicros == null) return skipped(CHECK, 'the platform did not tell the time');
  // Its `Date` is cut to whole seconds.
  const serverMs = page.serverNowMicros / 1000 + 500;
  const secs = Math.round((askedAtMs - serverMs) / 1000);
  if (Math.abs(secs) <= MOST_SECS) return ok(CHECK, 'agrees with the platform');
  return warning(
    CHECK,
    `this machine's clock is ${Math.abs(secs)} s ${secs > 0 ? 'ahead of' : 'behind'} the platform's`,
    'Set it by a time server: certificates and what a first start looks back on depend on it.',
  );
}

const CHECK = 'clock';
const MOST_SECS = 30;
