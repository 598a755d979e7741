import { expect, it, onTestFinished } from 'vitest';
import { createBridge } from '../../src/index.ts';
import {
  createPollWorkspace,
  sayAsPeer,
  startTestPlatform,
  uploadAsUser,
} from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const CONTENT = 'GET /workspaces/:id/pending-uploads/:fileId/content';

it('C7-3, C8-4: a file that is slow to come holds neither the feed nor what others write', async () => {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const peer = await createPollWorkspace(platform, 'peer');
  const held = platform.faults.hold(CONTENT);
  onTestFinished(() => held.release());
  const bridge = createBridge({
    workspaces: [{ id: workspace.id, token: workspace.token, platformUrl: platform.url }],
    settings: {
      CONFIGS_DIR: createTempFolder('slow-file'),
      MOLECULE_POLL_SECS: '0.2',
      MOLECULE_SAFETY_POLL_SECS: '0.2',
    },
    logger: recordingLogger(),
  });
  onTestFinished(() => bridge.stop());
  await bridge.start();

  const asked = platform.requests.next(CONTENT);
  await uploadAsUser(platform, workspace, [{ name: 'slow.bin', bytes: 'x' }]);
  const upload = platform.rows(workspace.id).at(-1)?.id;
  await asked;
  await platform.requests.next(({ query }) => query.get('since_id') === upload);
  await sayAsPeer(platform, peer, workspace, 'while it comes');
  await until(() => bridge.peek().total === 1, "the peer's message");
  expect(platform.requests.matching(CONTENT).map(({ status }) => status)).toEqual([undefined]);
});
