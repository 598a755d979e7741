import type { Digest } from '../inbox/offer-plan.ts';
import { fromMicros } from '../time.ts';
import { DIGEST_MARK } from './frame-text.ts';
import type { ChannelNotification } from './render.ts';

/** What a host is told of messages that are not pushed one by one: how many wait, how old the oldest is, what to call. */
export function renderDigest({ waiting, unshown, oldestMicros }: Digest): ChannelNotification {
  const oldest = fromMicros(oldestMicros);
  return {
    content: `${DIGEST_MARK}\n${waiting} messages wait, ${unshown} of them not shown yet; the oldest is from ${oldest}. Call inbox_peek to read them; single messages follow as you pop.`,
    meta: {
      source: 'molecule',
      kind: 'inbox_digest',
      waiting: String(waiting),
      unshown: String(unshown),
      ts: oldest,
    },
  };
}
