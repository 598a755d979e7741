import { describe, expect, it } from 'vitest';
import { answering, answeringJson, startOddServer } from '../../support/odd-server.ts';
import { EVERY_CALL, forever, platformAt, refusal } from '../../support/platform-client.ts';

describe.each(Object.entries(EVERY_CALL))('W-50: %s', (_name, call) => {
  it.each([301, 302, 303, 307, 308])('never follows a %i', async (status) => {
    const target = await startOddServer(answeringJson(200, {}));
    const server = await startOddServer(
      answering(status, { location: `${target.url}/elsewhere?key=secret` }),
    );
    const error = await refusal(call(platformAt(server.url), forever));
    expect(error).toMatchObject({ kind: 'redirected', status });
    expect(error.message).toContain(`${target.url}/elsewhere`);
    expect(error.message).not.toContain('secret');
    expect(server.seen).toHaveLength(1);
    expect(target.accepted()).toBe(0);
  });

  it.each([
    [300, {}],
    [302, {}],
    [302, { location: 'http://[' }],
    [304, {}],
  ])('takes %i with %j for no success', async (status, headers) => {
    const server = await startOddServer(answering(status, headers));
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({
      kind: 'redirected',
      status,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('does not go to another path of the same server', async () => {
    const server = await startOddServer(answering(307, { location: '/admin' }));
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({ kind: 'redirected' });
    expect(server.seen.map(({ url }) => url)).not.toContain('/admin');
  });
});
