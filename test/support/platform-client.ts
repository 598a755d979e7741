import { onTestFinished } from 'vitest';
import { createPlatform, type PlatformOptions } from '../../adapters/platform/platform.ts';
import type { ByteSource } from '../../src/domain/ports/bytes.ts';
import type { WorkspacePlatform } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { recordingLogger } from './recording-logger.ts';

/** The workspace that {@link platformAt} speaks for unless told otherwise. */
export const OWN_ID = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';

/** A file id as the platform makes them. */
export const FILE_ID = 'c0de0000-1111-4222-8333-444455556666';

/** The token that {@link platformAt} uses unless told otherwise; no error may ever show it. */
export const OWN_TOKEN = 'wsT-a-token-that-nobody-may-ever-read-again';

/** Never fires. */
export const forever: AbortSignal = new AbortController().signal;

/** The platform adapter for a server, closed when the test ends. */
export function platformAt(url: string, options: Partial<PlatformOptions> = {}): WorkspacePlatform {
  const platform = createPlatform({
    baseUrl: url,
    workspaceId: OWN_ID,
    credentials: { token: () => OWN_TOKEN },
    logger: recordingLogger(),
    ...options,
  });
  onTestFinished(() => platform.close());
  return platform;
}

/** The {@link PlatformError} that a call rejects with; anything else fails the test. */
export async function refusal(call: Promise<unknown>): Promise<PlatformError> {
  const outcome = await call.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof PlatformError) return outcome;
  throw outcome;
}

/** Reads a body to its end. */
export async function bytesOf(body: ByteSource): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  await body((piece) => {
    pieces.push(Buffer.from(piece));
  });
  return Buffer.concat(pieces);
}

/** Opens the wake-up stream and hangs up at its first frame; resolves with that frame's type. */
export async function firstFrame(platform: WorkspacePlatform, signal = forever): Promise<string> {
  const leaving = new AbortController();
  const types: string[] = [];
  const ended = platform.wakeUps(
    ({ type }) => {
      types.push(type);
      leaving.abort();
    },
    AbortSignal.any([signal, leaving.signal]),
  );
  await ended.catch((error: unknown) => {
    if (types.length === 0) throw error;
  });
  return types[0] ?? 'nothing';
}

/** What a heartbeat says in tests where it does not matter. */
export const IDLE_BEAT = {
  errorRate: 0,
  sampleError: '',
  activeTasks: 0,
  uptimeSeconds: 1,
  currentTask: '',
  runtimeState: '',
} as const;

/** Every method that asks the platform for something, called with harmless arguments: nothing may be odd on one alone. */
export const EVERY_CALL: Readonly<
  Record<string, (platform: WorkspacePlatform, signal: AbortSignal) => Promise<unknown>>
> = {
  register: (platform, signal) => platform.register({ name: 'laptop', skills: [] }, signal),
  heartbeat: (platform, signal) => platform.heartbeat(IDLE_BEAT, signal),
  readActivity: (platform, signal) => platform.readActivity({ limit: 500 }, signal),
  describe: (platform, signal) => platform.describe(signal),
  wakeUps: (platform, signal) => firstFrame(platform, signal),
  openUpload: async (platform, signal) => bytesOf((await platform.openUpload(FILE_ID, signal)).body),
  acknowledgeUpload: (platform, signal) => platform.acknowledgeUpload(FILE_ID, signal),
  notifyUser: (platform, signal) => platform.notifyUser('done', [], signal),
  uploadFiles: (platform, signal) => platform.uploadFiles([fileOf('a.txt', 'bytes')], signal),
  sendToPeer: (platform, signal) =>
    platform.sendToPeer(FILE_ID, { messageId: FILE_ID, text: 'hello' }, signal),
  reportActivity: (platform, signal) => platform.reportActivity({ activityType: 'agent_log' }, signal),
  call: (platform, signal) => platform.call({ method: 'GET', path: `/registry/${OWN_ID}/peers` }, signal),
};

/** A file to send whose bytes are in memory. */
export function fileOf(name: string, content: string | Uint8Array, mimeType = 'text/plain') {
  const bytes = Buffer.from(content);
  return {
    name,
    mimeType,
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
