import type { FeedPage, WorkspaceFacts, WorkspacePlatform } from '../../domain/ports/platform.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** What the platform says about a workspace and our token for it. */
export interface AccessFacts {
  /** One row of the feed, which only the workspace's token opens (§2.2). */
  readonly feed: Attempt<FeedPage>;
  /** The workspace itself, which anybody may ask about (§10.4). */
  readonly workspace: Attempt<WorkspaceFacts>;
  /** This machine's clock in the middle of asking for the feed, milliseconds. */
  readonly askedAtMs: number;
}

/** Asks for one row and for the workspace. Neither registers nor changes anything. */
export async function askAccess(
  platform: WorkspacePlatform,
  signal: AbortSignal,
  clock: () => number,
): Promise<AccessFacts> {
  const before = clock();
  const feed = await attempt(platform.readActivity({ limit: 1 }, signal));
  const askedAtMs = (before + clock()) / 2;
  return { feed, workspace: await attempt(platform.describe(signal)), askedAtMs };
}
