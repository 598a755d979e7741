import { describe, expect, it } from 'vitest';
import { AgentError } from '../../src/domain/ports/agent.ts';
import { PlatformError, type PlatformErrorKind } from '../../src/domain/wire/platform-error.ts';
import { explainRefusal, explainUnanswered, reasonOf } from '../../src/outbox/refusal.ts';

function explained(
  kind: PlatformErrorKind,
  status: number,
  body: Record<string, unknown> = {},
  retryAfterMs = 0,
) {
  const detail = typeof body.error === 'string' ? body.error : '';
  const error = explainRefusal(
    new PlatformError(kind, 'adapter words', { status, detail, body, retryAfterMs: retryAfterMs || null }),
    'The act',
  );
  if (!(error instanceof AgentError)) throw new Error('no AgentError');
  return error;
}

describe("explainRefusal: what it was, in the server's words, and what to do", () => {
  it.each<[PlatformErrorKind, number, Record<string, unknown>, RegExp, RegExp]>([
    ['refused', 402, { error: 'workspace budget limit exceeded' }, /budget/, /Tell the user/],
    [
      'refused',
      403,
      { error: 'access denied: workspaces cannot communicate per hierarchy rules' },
      /may not talk/,
      /list_peers/,
    ],
    ['refused', 403, { error: 'access denied' }, /access denied/, /list_peers/],
    ['refused', 403, { error: 'talk_to_user_disabled', hint: 'x' }, /switched off/, /operator/],
    ['refused', 403, { error: 'tool call failed' }, /can_delegate/, /yourself/],
    ['refused', 403, { error: 'only root workspaces can write GLOBAL memories' }, /root/, /TEAM/],
    ['refused', 403, { error: 'something new' }, /something new/, /change it/],
    [
      'too-large',
      413,
      { error: 'file exceeds per-file cap', filename: 'big.bin', max: 26214400 },
      /big\.bin.*26214400/,
      /less/,
    ],
    ['too-large', 413, { error: 'too large', truncated: true, max_bytes: 16777216 }, /16777216/, /less/],
    ['refused', 422, { error: 'no callback URL' }, /not set up/, /of no use/],
    [
      'unavailable',
      503,
      { error: 'memory plugin is not configured (set MEMORY_PLUGIN_URL)' },
      /memory store/,
      /do not try again/,
    ],
    ['unavailable', 503, { error: 'workspace has no URL', status: 'failed' }, /no address/, /another peer/],
    ['unavailable', 503, { error: 'busy', busy: true, retry_after: 30 }, /busy/, /30 s/],
    ['unavailable', 503, { error: 'delivery-mode lookup failed; retry' }, /lookup failed/, /try again/],
    ['unavailable', 503, { error: 'x', restarting: true }, /trouble/, /look before/],
    ['unavailable', 502, { error: 'failed to reach workspace agent' }, /failed to reach/, /look before/],
    ['unauthorised', 401, { error: 'invalid workspace auth token' }, /token/, /renewed/],
    ['not-found', 404, { error: 'workspace not found' }, /workspace not found/, /list_peers/],
    ['refused', 400, { error: 'malformed multipart body' }, /above its limit/, /smaller/],
  ])('%s %i %j', (kind, status, body, what, advice) => {
    const error = explained(kind, status, body);
    expect(error.message).toMatch(what);
    expect(error.message).toContain(`(${status})`);
    expect(error.advice).toMatch(advice);
    if (typeof body.error === 'string') expect(error.message).toContain(body.error);
  });

  it('says how long to wait', () => {
    expect(explained('rate-limited', 429, {}, 36_200).advice).toContain('37 s');
  });

  it.each<PlatformErrorKind>([
    'removed',
    'no-such-route',
    'redirected',
    'timed-out',
    'malformed',
    'aborted',
    'cursor-gone',
  ])('has a sentence and an advice for %s', (kind) => {
    const error = explained(kind, 0);
    expect(error.message.length).toBeGreaterThan('The act failed: .'.length);
    expect(error.advice).not.toBe('');
  });

  it('leaves other errors alone', () => {
    const error = new Error('mine');
    expect(explainRefusal(error, 'x')).toBe(error);
    expect(reasonOf(error)).toBe('mine');
  });
});

describe('explainUnanswered', () => {
  it('lets ask again what was only asked, where an act may have been carried out', () => {
    const late = new PlatformError('timed-out', 'no reply');
    expect(explainRefusal(late, 'The delegation')).toMatchObject({
      advice: expect.stringContaining('look before you repeat'),
    });
    expect(explainUnanswered(late, 'Listing peers')).toMatchObject({
      advice: expect.stringContaining('ask again'),
    });
    expect(explainUnanswered(new PlatformError('removed', 'gone'), 'Listing peers')).toMatchObject({
      advice: expect.stringContaining('Tell the user'),
    });
  });
});
