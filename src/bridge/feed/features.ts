import { asyncScheduler, type Observable, Subject } from 'rxjs';
import type { PlatformCall, WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock, Logger } from '../../domain/ports/runtime.ts';
import { isRecord } from '../../domain/record.ts';
import { type Feature, listFeatures, probesOf, readProbe } from '../../domain/wire/features.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';
import { createErrand } from '../errand.ts';
import type { Heard } from './hear-platform.ts';

/** What a workspace's server can do, as found so far; nothing is configured (§15.14). */
export interface Features {
  found(): ReadonlySet<Feature>;
  /** Emits after each change. */
  readonly changes$: Observable<ReadonlySet<Feature>>;
}

/** What finding features takes. */
export interface FeatureParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  readonly heard$: Observable<Heard>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Follows what the server can do: probes it after each registration, after a reconnect of the wake-up stream (every five
 * minutes at most: some proxies cut it every minute), and when a heartbeat's reply or the rows of a page show that another
 * generation answers.
 * What a probe cannot tell stays as it was, and is asked again five minutes later.
 */
export function followFeatures(parts: FeatureParts): Features {
  const { workspaceId, platform, heard$, clock, logger } = parts;
  const changes$ = new Subject<ReadonlySet<Feature>>();
  let found: ReadonlySet<Feature> = new Set();

  function note(feature: Feature, isThere: boolean): void {
    if (found.has(feature) === isThere) return;
    found = new Set(isThere ? [...found, feature] : [...found].filter((other) => other !== feature));
    logger.info(
      `workspace ${workspaceId}: the server offers ${listFeatures(found).join(', ') || 'nothing new'}`,
    );
    changes$.next(found);
  }

  /** Whether a look is owed: the stream was opened since the last one, or the server was in trouble. */
  let isOwed = false;
  let lookedMs = Number.NEGATIVE_INFINITY;

  async function probe(signal: AbortSignal): Promise<void> {
    for (const [feature, isThere] of await probeFeatures(platform, workspaceId, signal)) {
      if (signal.aborted) return;
      if (isThere === null) isOwed = true;
      else note(feature, isThere);
    }
  }

  function isTimeToLook(heard: Heard): boolean {
    if (heard.type === 'frame' && heard.frame.type === 'open') isOwed = true;
    const isTime = heard.type === 'registered' || (isOwed && clock() - lookedMs >= LOOK_EVERY_MS);
    if (!isTime) return false;
    isOwed = false;
    if (heard.type !== 'registered') lookedMs = clock();
    return true;
  }

  const probing = createErrand({
    work: probe,
    afterMs: COALESCE_MS,
    // Another server may answer now than when it began.
    askedMeanwhile: 'anew',
    scheduler: asyncScheduler,
  });
  heard$.subscribe((heard) => {
    if (isTimeToLook(heard)) probing.ask();
    // What passes by shows another server before anybody looks.
    const before = found;
    if (heard.type === 'beaten') note('generation', heard.generation !== null);
    if (heard.type === 'pageRead' && heard.rows.length > 0) note('row_seq', heard.rows.some(hasSeq));
    if (before === found) return;
    if (heard.type === 'beaten' || found.has('row_seq') !== found.has('activity_ack')) probing.ask();
  });

  return { found: () => found, changes$ };
}

/** Asks a server once what it can do; null where its reply does not tell. Changes nothing there, never rejects for a refusal. */
export async function probeFeatures(
  platform: Pick<WorkspacePlatform, 'call'>,
  workspaceId: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<Feature, boolean | null>> {
  const probed = probesOf(workspaceId).map(
    async ({ feature, call }) => [feature, readProbe(await endingOf(platform, call, signal))] as const,
  );
  return new Map(await Promise.all(probed));
}

async function endingOf(platform: FeatureParts['platform'], call: PlatformCall, signal: AbortSignal) {
  try {
    await platform.call({ ...call, canWait: true }, signal);
    return null;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

function hasSeq(row: unknown): boolean {
  return isRecord(row) && typeof row.seq === 'number';
}

/** A registration and the stream that opens with it are one reconnect. */
const COALESCE_MS = 50;
const LOOK_EVERY_MS = 300_000;
