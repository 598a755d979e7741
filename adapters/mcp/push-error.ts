/**
 * Why a notification was not written: the host is not ready for it yet, does not read what waits already, or is gone.
 * The message it was about stays in the inbox.
 */
export class PushError extends Error {
  override readonly name = 'PushError';
  readonly reason: 'not-initialized' | 'stalled' | 'gone';

  constructor(reason: PushError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
