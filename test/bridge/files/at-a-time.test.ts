import { describe, expect, it } from 'vitest';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { ACK, CONTENT } from '../../support/file-desk.ts';
import { createPollWorkspace, startTestPlatform, uploadAsUser } from '../../support/local-platform.ts';
import { until } from '../../support/until.ts';

const FOREVER = { times: Number.POSITIVE_INFINITY };
const files = [1, 2, 3, 4, 5, 6].map((n) => ({ name: `${n}.txt`, bytes: `file ${n}` }));

/** Requests for contents and acknowledgements that wait for their reply, by workspace. */
function underWay(platform: LocalPlatform): readonly number[] {
  const paths = platform.requests
    .matching(({ route }) => route === CONTENT || route === ACK)
    .filter(({ status }) => status === undefined)
    .map(({ path }) => path.split('/')[2]);
  return [...new Set(paths)].map((id) => paths.filter((other) => other === id).length);
}

describe('transfers beside each other', () => {
  it.each([
    ['4 of a workspace and 8 in all unless set', {}, 3, [4, 4]],
    ['as many as set', { MOLECULE_UPLOADS_AT_A_TIME: '2', MOLECULE_UPLOADS_IN_ALL: '5' }, 3, [2, 2, 1]],
  ])('are %s', async (_, env, count, expected) => {
    const platform = await startTestPlatform();
    const held = platform.faults.hold(CONTENT, FOREVER);
    const workspaces = [];
    for (let n = 0; n < count; n += 1) {
      const workspace = await createPollWorkspace(platform, `agent-${n}`);
      await uploadAsUser(platform, workspace, files);
      workspaces.push(workspace);
    }
    const window = await openBridgeWindow(platform, { workspaces, env });
    const sum = expected.reduce((all, some) => all + some, 0);
    await until(() => platform.requests.matching(CONTENT).length === sum, 'all places taken');
    // Everybody has read the rows of everybody's files by then.
    await until(
      async () =>
        (await window.status()).workspaces.every(({ filesPending }) => filesPending === files.length),
      'every row classified',
    );
    expect([...underWay(platform)].sort().reverse()).toEqual(expected);
    held.release();
    await until(() => platform.requests.matching(ACK).length === count * files.length, 'all acknowledged');
  });
});
