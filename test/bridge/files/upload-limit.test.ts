import { describe, expect, it } from 'vitest';
import { createUploadLimit } from '../../../src/bridge/files/upload-limit.ts';
import { PlatformError, type PlatformErrorKind } from '../../../src/domain/wire/platform-error.ts';

/** A limit over a server that gives these answers one after the other. */
function limitOver(answers: readonly unknown[], configuredBytes = 0) {
  const asked: string[] = [];
  const left = [...answers];
  let nowMs = 1_000;
  const limit = createUploadLimit({
    configuredBytes,
    clock: () => nowMs,
    platform: {
      async call({ path }) {
        asked.push(path);
        const answer = left.shift() ?? new Error('asked too often');
        if (answer instanceof Error) throw answer;
        const body =
          typeof answer === 'number' ? { per_file_bytes: answer, per_request_bytes: answer } : answer;
        return { status: 200, body };
      },
    },
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { limit, asked, pass };
}

const known = (bytes: number) => ({ bytes, isKnown: true });
const guessed = (bytes: number) => ({ bytes, isKnown: false });
const MAY = 26_214_400;

function notFound(kind: PlatformErrorKind, detail: string) {
  return new PlatformError(kind, 'GET /uploads/limits', { status: 404, detail });
}

describe('the largest file that is fetched', () => {
  it('is what is configured, and nobody is asked', async () => {
    const { limit, asked } = limitOver([], 17);
    expect([await limit(1), asked.length]).toEqual([known(17), 0]);
  });

  it('is what the server says, asked once for all and again after an hour', async () => {
    const { limit, asked, pass } = limitOver([100, 200]);
    expect(await Promise.all([limit(1), limit(1), limit(1)])).toEqual([known(100), known(100), known(100)]);
    expect(asked).toEqual(['/uploads/limits']);
    pass(3600_000);
    expect([await limit(1), asked.length]).toEqual([known(200), 2]);
  });

  it('is a May server’s where the platform says that it has no such route', async () => {
    const { limit } = limitOver([notFound('no-such-route', '404 page not found')]);
    expect(await limit(MAY + 1)).toEqual(known(MAY));
  });

  it.each([
    ['fails', new PlatformError('unavailable', 'internal error', { status: 500 })],
    ['does not answer', new PlatformError('timed-out', 'no reply')],
    ['says that something else is missing', notFound('not-found', 'workspace not found')],
    ['is hidden behind a page', notFound('no-such-route', '<!doctype html><title>404</title>')],
    ['is refused without a word', notFound('no-such-route', '')],
    ['answers in another shape', { status: 'starting' }],
  ])('is a May server’s as a guess, which is soon made again, where the server %s', async (_, answer) => {
    const { limit, pass } = limitOver([answer, 300]);
    expect(await limit(1)).toEqual(guessed(MAY));
    pass(60_000);
    expect(await limit(1)).toEqual(known(300));
  });

  it('is asked for again when a file is above it: the server may have been upgraded', async () => {
    const { limit, asked } = limitOver([100, 300]);
    expect([await limit(100), await limit(200), await limit(300)]).toEqual([
      known(100),
      known(300),
      known(300),
    ]);
    expect(asked).toHaveLength(2);
    const configured = limitOver([], 17);
    expect([await configured.limit(20), configured.asked.length]).toEqual([known(17), 0]);
  });

  it('stays what it was while the server fails, as a guess by then, and is asked for again a minute later', async () => {
    const { limit, asked, pass } = limitOver([100, new Error('broken'), 300]);
    await limit(1);
    pass(3600_000);
    expect(await limit(1)).toEqual(guessed(100));
    expect(await limit(1)).toEqual(guessed(100));
    expect(asked).toHaveLength(2);
    pass(60_000);
    expect(await limit(1)).toEqual(known(300));
  });
});
