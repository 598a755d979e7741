import { describe, expect, it } from 'vitest';
import { pacePlatform } from '../../../src/bridge/pacing/pace-platform.ts';
import { createRequestBudget } from '../../../src/bridge/pacing/request-budget.ts';
import { createPollWorkspace, startTestPlatform } from '../../support/local-platform.ts';
import { forever, platformAt, refusal } from '../../support/platform-client.ts';

/** Two workspaces of a crowd on a server of May; `at` is what their clock shows. */
async function open({ sharers = 300 } = {}) {
  const server = await startTestPlatform({ profile: 'may' });
  const clock = { atMs: 0 };
  const budget = createRequestBudget(sharers, () => clock.atMs);
  const workspaces = await Promise.all(
    ['one', 'another'].map(async (name) => {
      const { id, token } = await createPollWorkspace(server, name);
      const direct = platformAt(server.url, { workspaceId: id, credentials: { token: () => token } });
      return pacePlatform(direct, id, budget, () => clock.atMs);
    }),
  );
  const [one, another] = workspaces;
  if (!one || !another) throw new Error('there are two');
  const limits = (platform: typeof one) => platform.call({ method: 'GET', path: '/uploads/limits' }, forever);
  const asked = () => server.requests.matching(({ path }) => path === '/uploads/limits').length;
  return { server, one, another, clock, limits, asked };
}

describe('a route that the server has not', () => {
  it('is asked for once by a crowd that shares a budget, and again a minute later', async () => {
    const { one, another, clock, limits, asked } = await open();
    expect((await refusal(limits(one))).kind).toBe('no-such-route');
    expect((await refusal(limits(another))).kind).toBe('no-such-route');
    expect(asked()).toBe(1);
    clock.atMs += 60_000;
    await refusal(limits(another));
    expect(asked()).toBe(2);
  });

  it('is asked for once when all of them want it in the same moment', async () => {
    const { one, another, limits, asked } = await open();
    const refusals = await Promise.all(
      [one, another, one, another].map((platform) => refusal(limits(platform))),
    );
    expect(refusals.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual(
      Array(4).fill('no-such-route 404 page not found'),
    );
    expect(asked()).toBe(1);
  });

  it('is asked for again when a wake-up stream has ended: another server may answer', async () => {
    const { server, one, another, limits, asked } = await open();
    await refusal(limits(one));
    const ended = one.wakeUps(() => server.faults.stream.cut(), forever);
    await refusal(ended);
    await refusal(limits(another));
    expect(asked()).toBe(2);
  });

  it('that is there after all is asked for by each', async () => {
    const { server, one, another, limits, asked } = await open();
    await server.switchProfile('head');
    await Promise.all([limits(one), limits(another)]);
    expect(asked()).toBe(2);
  });

  it('is asked for by each where requests are plenty', async () => {
    const { one, another, limits, asked } = await open({ sharers: 2 });
    await refusal(limits(one));
    await refusal(limits(another));
    expect(asked()).toBe(2);
  });
});
