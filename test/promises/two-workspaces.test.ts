import { expect, it, onTestFinished } from 'vitest';
import { createBridge } from '../../src/index.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const FEED = 'GET /workspaces/:id/activity';

/** One bridge with two workspaces, each of which has read a message of its own. */
async function start() {
  const platform = await startTestPlatform();
  const workspaces = [await createPollWorkspace(platform), await createPollWorkspace(platform)] as const;
  const bridge = createBridge({
    workspaces: workspaces.map(({ id, token }) => ({ id, token, platformUrl: platform.url })),
    settings: {
      CONFIGS_DIR: createTempFolder('two-workspaces'),
      MOLECULE_POLL_SECS: '0.2',
      MOLECULE_SAFETY_POLL_SECS: '0.2',
    },
    logger: recordingLogger(),
  });
  onTestFinished(() => bridge.stop());
  for (const workspace of workspaces) await sayAsUser(platform, workspace, 'first');
  await bridge.start();
  await until(() => bridge.peek().total === 2, 'one message of each');
  return { platform, bridge, workspaces };
}

it('C6-19: each workspace is registered and beaten for, with its own token', async () => {
  const { platform, workspaces } = await start();
  await platform.requests.answered(2, 'POST /registry/heartbeat');
  for (const route of ['POST /registry/register', 'POST /registry/heartbeat']) {
    const requests = await platform.requests.answered(2, route);
    // The platform refuses any other workspace's token.
    expect(
      requests.map(({ status }) => status),
      route,
    ).toEqual(requests.map(() => 200));
  }
  for (const { id } of workspaces) expect(platform.workspace(id)?.status).toBe('online');
});

it('C6-14, C6-15: a cursor that is gone in one workspace leaves the place of the other alone', async () => {
  const { platform, bridge, workspaces } = await start();
  const [pruned, other] = workspaces;
  const follows = (id: string) => platform.requests.next((request) => request.id === id && isFollow(request));
  await follows(other.id);

  platform.faults.prune(pruned.id);
  const gone = await platform.requests.nextAnswered(({ status }) => status === 410);
  expect(gone.id).toBe(pruned.id);
  for (const workspace of workspaces) await sayAsUser(platform, workspace, 'second');
  await until(() => bridge.peek().total === 4, 'the second message of each');

  const later = platform.requests.matching(FEED).filter(({ id, n }) => id === other.id && n > gone.n);
  expect(later.slice(0, 1).map(isFollow)).toEqual([true]);
  expect(later.filter(({ status }) => status === 410)).toEqual([]);
  const placesOf = (id: string) =>
    bridge.peek().messages.filter(({ arrival_workspace_id }) => arrival_workspace_id === id);
  for (const { id } of workspaces) expect(placesOf(id).map(({ text }) => text)).toEqual(['first', 'second']);
});

function isFollow({ route, query }: { readonly route: string; readonly query: URLSearchParams }): boolean {
  return route === FEED && query.has('since_id');
}
