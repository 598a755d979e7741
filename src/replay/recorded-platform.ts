import type { UploadDownload, WakeUp, WorkspacePlatform } from '../domain/ports/platform.ts';
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
  const readPage = createRecordedFeed(script.rows, time.now);
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
      return { contentLength: outcome.bytes, mimeType: outcome.mimeType, body: noBytes() };
    }
    return answer('openUpload', () => ({ contentLength: null, mimeType: '', body: noBytes() }));
  }

  async function* wakeUps(signal: AbortSignal): AsyncGenerator<WakeUp> {
    yield { type: 'open', data: {} };
    const rows = [...script.rows].sort((a, b) => a.visibleMicros - b.visibleMicros);
    for (const { visibleMicros, raw } of rows) {
      const visibleMs = Math.ceil(visibleMicros / 1000);
      if (visibleMs < time.now()) continue;
      await time.sleepUntil(visibleMs, signal);
      yield { type: 'ACTIVITY_LOGGED', data: isRecord(raw) ? { activity_type: raw.activity_type } : {} };
    }
    await time.sleepUntil(Number.MAX_SAFE_INTEGER, signal);
  }

  return {
    register: () => answer('register', () => ({ deliveryMode: 'poll' })),
    heartbeat: () => answer('heartbeat', () => ({})),
    readActivity: (query) => answer('readActivity', () => readPage(query)),
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

async function sendsNothing(): Promise<never> {
  throw new Error('a replay sends nothing');
}

/** The bytes of a file are in no recording. */
async function* noBytes(): AsyncGenerator<Uint8Array> {}
