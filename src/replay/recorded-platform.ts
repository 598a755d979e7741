import type { OnFrame, UploadDownload, WorkspacePlatform } from '../domain/ports/platform.ts';
import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { createRecordedFeed } from './recorded-feed.ts';
import type { Script } from './script.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * The platform as a script has it: serves its rows when they became readable, fails where it failed, wakes the bridge up
 * for each row. Nothing can be sent to it.
 */
export function createRecordedPlatform(script: Script, time: VirtualTime): WorkspacePlatform {
  const { recorded } = script;
  const readPage = createRecordedFeed(script, time.now);
  const failures = [...script.failures];
  const transfers = new Map([...script.transfers].map(([fileId, ends]) => [fileId, [...ends]]));

  /** Rejects if the recorded platform had refused such a call by now. */
  async function answer<Reply>(call: string, reply: () => Reply): Promise<Reply> {
    const place = failures.findIndex((failure) => failure.call === call && failure.atMs <= time.now());
    const [failure] = place === -1 ? [] : failures.splice(place, 1);
    if (failure) throw new PlatformError(failure.kind, `${call} failed when it was recorded`, failure);
    return reply();
  }

  async function openUpload(fileId: string, signal: AbortSignal): Promise<UploadDownload> {
    const ending = transfers.get(fileId)?.shift();
    if (ending) {
      await time.sleepUntil(ending.atMs, signal);
      const { outcome } = ending;
      if (outcome.status === 'expired') throw new PlatformError('not-found', outcome.reason, { status: 404 });
      if (outcome.status === 'too_large') throw new PlatformError('too-large', outcome.reason);
      if (outcome.status !== 'staged') throw new PlatformError('unavailable', outcome.reason);
      return { contentLength: outcome.bytes, mimeType: outcome.mimeType, body: noBytes };
    }
    if (recorded !== null) await time.sleepUntil(NEVER_MS, signal);
    return answer('openUpload', () => ({ contentLength: null, mimeType: '', body: noBytes }));
  }

  /** For each row as it becomes readable; in a recording also for each read that failed, so that it fails then. */
  async function wakeUps(onFrame: OnFrame, signal: AbortSignal): Promise<void> {
    onFrame({ type: 'open', data: {} });
    const rows = script.rows.map(({ visibleMicros, raw }) => ({
      atMs: Math.ceil(visibleMicros / 1000),
      activityType: recorded !== null || !isRecord(raw) ? 'a2a_receive' : raw.activity_type,
    }));
    const failed = recorded === null ? [] : script.failures.filter(({ call }) => call === 'readActivity');
    const reasons = [...rows, ...failed.map(({ atMs }) => ({ atMs, activityType: 'a2a_receive' }))];
    for (const { atMs, activityType } of reasons.sort((a, b) => a.atMs - b.atMs)) {
      if (atMs < time.now()) continue;
      await time.sleepUntil(atMs, signal);
      onFrame({ type: 'ACTIVITY_LOGGED', data: { activity_type: activityType } });
    }
    await time.sleepUntil(NEVER_MS, signal);
  }

  /** When the feed's first look was answered, or refused before that. */
  function firstLookMs(): number | null {
    const openedMs = recorded?.openedMs ?? null;
    const refused = failures.find(
      ({ call, atMs }) => call === 'readActivity' && openedMs !== null && atMs < openedMs,
    );
    return refused?.atMs ?? openedMs;
  }

  /** In a recording the first answer of a call comes no sooner than it came then. */
  async function notBefore(atMs: number | null, signal: AbortSignal): Promise<void> {
    if (atMs !== null && atMs > time.now()) await time.sleepUntil(atMs, signal);
  }

  return {
    async register(_, signal) {
      await notBefore(recorded?.registeredMs ?? null, signal);
      return answer('register', () => ({ deliveryMode: 'poll' }));
    },
    heartbeat: () => answer('heartbeat', () => ({})),
    async readActivity(query, signal) {
      await notBefore(firstLookMs(), signal);
      return answer('readActivity', () => readPage(query));
    },
    describe: () => answer('describe', () => ({ name: '', status: 'online', raw: {} })),
    wakeUps,
    openUpload,
    acknowledgeUpload: () => answer('acknowledgeUpload', () => {}),
    notifyUser: sendsNothing,
    uploadFiles: sendsNothing,
    sendToPeer: sendsNothing,
    reportActivity: sendsNothing,
    call: sendsNothing,
    close: () => {},
  };
}

/** For whatever has not ended when a recording does. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;

async function sendsNothing(): Promise<never> {
  throw new Error('a replay sends nothing');
}

/** The bytes of a file are in no recording. */
async function noBytes(): Promise<void> {}
