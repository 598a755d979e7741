import { describe, expect, it } from 'vitest';
import { createUploadLimit } from '../../../src/bridge/files/upload-limit.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';

/** A limit over a server that gives these answers one after the other. */
function limitOver(answers: readonly (number | Error)[], configuredBytes = 0) {
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
        return { status: 200, body: { per_file_bytes: answer, per_request_bytes: answer } };
      },
    },
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { limit, asked, pass };
}

describe('the largest file that is fetched', () => {
  it('is what is configured, and nobody is asked', async () => {
    const { limit, asked } = limitOver([], 17);
    expect([await limit(1), asked.length]).toEqual([17, 0]);
  });

  it('is what the server says, asked once for all and again after an hour', async () => {
    const { limit, asked, pass } = limitOver([100, 200]);
    expect(await Promise.all([limit(1), limit(1), limit(1)])).toEqual([100, 100, 100]);
    expect(asked).toEqual(['/uploads/limits']);
    pass(3600_000);
    expect([await limit(1), asked.length]).toEqual([200, 2]);
  });

  it.each([
    ['has no such route', new PlatformError('no-such-route', '404 page not found', { status: 404 })],
    ['fails', new PlatformError('unavailable', 'internal error', { status: 500 })],
  ])('is a May server’s where the server %s', async (_, error) => {
    expect(await limitOver([error]).limit(1)).toBe(26_214_400);
  });

  it('is asked for again when a file is above it: the server may have been upgraded', async () => {
    const { limit, asked } = limitOver([100, 300]);
    expect([await limit(100), await limit(200), await limit(300)]).toEqual([100, 300, 300]);
    expect(asked).toHaveLength(2);
    const configured = limitOver([], 17);
    expect([await configured.limit(20), configured.asked.length]).toEqual([17, 0]);
  });

  it('stays what it was while the server fails, which is asked again a minute later', async () => {
    const { limit, asked, pass } = limitOver([100, new Error('broken'), 300]);
    await limit(1);
    pass(3600_000);
    expect(await limit(1)).toBe(100);
    expect(await limit(1)).toBe(100);
    expect(asked).toHaveLength(2);
    pass(60_000);
    expect(await limit(1)).toBe(300);
  });
});
