import { describe, expect, it } from 'vitest';
import { PlatformError, type PlatformErrorKind } from '../../src/domain/wire/platform-error.ts';
import { perhapsDone, surelyNotDone } from '../../src/outbox/fate.ts';
import { repeating } from '../../src/outbox/repeat.ts';

type Told = 'not done' | 'refused' | 'unknown';

function told(error: unknown): Told {
  if (surelyNotDone(error)) return perhapsDone(error) ? 'unknown' : 'not done';
  return perhapsDone(error) ? 'unknown' : 'refused';
}

const failed = (kind: PlatformErrorKind, status: number, message = 'x', body: unknown = null) =>
  new PlatformError(kind, message, { status, body });

describe('what became of a request that failed (W-13, W-39)', () => {
  it.each<[Told, string]>([
    ['not done', 'nobody listens there (ECONNREFUSED)'],
    ['not done', 'no such host (ENOTFOUND)'],
    ['not done', "the server's certificate has expired (CERT_HAS_EXPIRED)"],
    ['not done', "the server's certificate is signed by nobody (SELF_SIGNED_CERT_IN_CHAIN)"],
    ['not done', 'POST /x: the proxy refused to connect (502)'],
    ['unknown', 'the connection broke (ECONNRESET)'],
    ['unknown', 'no connection in time (ETIMEDOUT)'],
    ['unknown', 'the connection failed (no code)'],
  ])('%s without a reply: %s', (fate, message) => {
    expect(told(failed('unavailable', 0, message))).toBe(fate);
  });

  it.each([500, 502, 503, 504, 520, 522, 524, 530])(
    'unknown: %i of a proxy, whatever it is written in',
    (status) => {
      for (const body of [
        null,
        'Bad gateway',
        { message: 'no' },
        { error: 'upstream' },
        { error: { code: 1 } },
      ])
        expect(told(failed('unavailable', status, 'x', body))).toBe('unknown');
    },
  );

  it.each<[Told, number, Record<string, unknown>]>([
    ['not done', 503, { error: 'platform datastore unavailable', code: 'platform_unavailable' }],
    ['refused', 500, { error: 'delivery_mode lookup failed' }],
    ['refused', 503, { error: 'delivery-mode lookup failed; retry' }],
    ['refused', 503, { error: 'workspace has no URL', status: 'failed' }],
    ['refused', 502, { error: 'workspace URL is not publicly routable' }],
    ['refused', 503, { error: 'busy', busy: true, retry_after: 30 }],
    // The peer may have begun before it was lost, a transaction have been committed before that broke.
    ['unknown', 502, { error: 'failed to reach workspace agent' }],
    ['unknown', 503, { error: 'workspace agent is down', restarting: true }],
    ['unknown', 500, { error: 'could not stage files' }],
    ['unknown', 500, { error: 'internal error' }],
  ])('%s: %i %j of the platform', (fate, status, body) => {
    expect(told(failed('unavailable', status, 'x', body))).toBe(fate);
  });

  it.each<[Told, PlatformErrorKind, number]>([
    ['not done', 'rate-limited', 429],
    ['refused', 'refused', 400],
    ['refused', 'unauthorised', 401],
    ['refused', 'not-found', 404],
    ['refused', 'no-such-route', 404],
    ['refused', 'too-large', 413],
    ['refused', 'unavailable', 425],
    ['refused', 'redirected', 302],
    ['unknown', 'redirected', 303],
    ['unknown', 'unavailable', 408],
    ['unknown', 'too-large', 200],
    ['unknown', 'malformed', 200],
    ['unknown', 'malformed', 0],
    ['unknown', 'timed-out', 0],
    ['unknown', 'aborted', 0],
  ])('%s: %s, status %i', (fate, kind, status) => {
    expect(told(failed(kind, status))).toBe(fate);
  });

  it('says nothing about what is no error of the platform', () => {
    expect(told(new Error('the disk is full'))).toBe('refused');
  });
});

describe('repeating', () => {
  it('tells of the try that may have been carried out, not of what kept a later one from being made', async () => {
    const lost = failed('unavailable', 504);
    const down = failed('unavailable', 0, 'nobody listens there (ECONNREFUSED)');
    const errors = [down, lost, down];
    const tries = repeating(() => Promise.reject(errors.shift()), {
      mayRepeat: () => true,
      pausesMs: [1, 1],
      signal: new AbortController().signal,
    });
    await expect(tries).rejects.toBe(lost);
  });
});
