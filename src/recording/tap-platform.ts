import type { OnFrame, WorkspacePlatform } from '../domain/ports/platform.ts';
import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';

/** What a tapped platform tells. */
export interface PlatformTap {
  /** Whether anybody listens; nothing is looked at while nobody does. */
  readonly isOpen: () => boolean;
  /** A row that was not told before, as served; one without an id is told each time. */
  readonly row: (row: unknown) => void;
  /** The status of a successful reply; the port itself does not tell it. */
  readonly statusOf: (signal: AbortSignal) => number;
  /** A call ended: the reply's status, 0 without one; `kind` is null when it succeeded. */
  readonly reply: (call: string, status: number, kind: string | null) => void;
}

/** The same platform, telling what it serves and how each call ended; what callers see does not change. */
export function tapPlatform(platform: WorkspacePlatform, tap: PlatformTap): WorkspacePlatform {
  const told = new Set<string>();

  function tellRows(rows: readonly unknown[]): void {
    for (const row of rows) {
      const id = isRecord(row) && typeof row.id === 'string' ? row.id : null;
      if (id !== null && told.has(id)) continue;
      if (told.size >= REMEMBERED_ROWS) told.clear();
      if (id !== null) told.add(id);
      tap.row(row);
    }
  }

  function statusTold(args: readonly unknown[]): number {
    const signal = args.find((arg) => arg instanceof AbortSignal);
    return signal === undefined ? 200 : tap.statusOf(signal);
  }

  /** Calls that nobody watches go straight through; there is no more to each than this. */
  function tapped<Args extends readonly unknown[], Reply>(
    call: string,
    method: (...args: Args) => Promise<Reply>,
    look?: Look<Reply>,
  ): (...args: Args) => Promise<Reply> {
    return (...args) => (tap.isOpen() ? watched(call, method, args, look) : method(...args));
  }

  async function watched<Args extends readonly unknown[], Reply>(
    call: string,
    method: (...args: Args) => Promise<Reply>,
    args: Args,
    look?: Look<Reply>,
  ): Promise<Reply> {
    try {
      const reply = await method(...args);
      tap.reply(call, look?.status?.(reply) ?? statusTold(args), null);
      look?.after?.(reply);
      return reply;
    } catch (error) {
      tellFailure(call, error);
      throw error;
    }
  }

  function tellFailure(call: string, error: unknown): void {
    if (error instanceof PlatformError) tap.reply(call, error.status, error.kind);
  }

  /** The stream's reply, and how it broke; an end is none. */
  function wakeUps(onFrame: OnFrame, signal: AbortSignal): Promise<void> {
    const hear: OnFrame = (frame) => {
      if (frame.type === 'open' && tap.isOpen()) tap.reply('wakeUps', tap.statusOf(signal), null);
      onFrame(frame);
    };
    return platform.wakeUps(hear, signal).catch((error: unknown) => {
      if (tap.isOpen()) tellFailure('wakeUps', error);
      throw error;
    });
  }

  return {
    register: tapped('register', platform.register),
    heartbeat: tapped('heartbeat', platform.heartbeat),
    readActivity: tapped('readActivity', platform.readActivity, { after: ({ rows }) => tellRows(rows) }),
    describe: tapped('describe', platform.describe),
    wakeUps,
    openUpload: tapped('openUpload', platform.openUpload),
    acknowledgeUpload: tapped('acknowledgeUpload', platform.acknowledgeUpload),
    notifyUser: tapped('notifyUser', platform.notifyUser),
    uploadFiles: tapped('uploadFiles', platform.uploadFiles),
    sendToPeer: tapped('sendToPeer', platform.sendToPeer),
    reportActivity: tapped('reportActivity', platform.reportActivity),
    call: tapped('call', platform.call, { status: ({ status }) => status }),
    close: platform.close,
  };
}

/** What is looked at in a reply beyond how the call ended. */
interface Look<Reply> {
  readonly after?: (reply: Reply) => void;
  /** The status, where the reply itself tells it. */
  readonly status?: (reply: Reply) => number;
}

/** More rows than an inbox holds; a row that is told twice harms nobody. */
const REMEMBERED_ROWS = 50_000;
