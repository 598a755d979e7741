import { expect, it } from 'vitest';
import { serverError } from '../../src/local-platform/faults/fault.ts';
import { createRequests } from '../../src/requests/requests.ts';
import { calmly, type DeskWorkspace, openDesk, refusalOf } from '../outbox/desk.ts';
import { startTestPlatform } from '../support/local-platform.ts';

const LIST = 'GET /workspaces/:id/requests/inbox';

it('list: names each workspace that could not be asked, with the true reason, beside what the others are asked', async () => {
  const local = await startTestPlatform({ profile: 'head' });
  const { workspaces } = await openDesk(local, { count: 2 });
  const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
  const inbox = { find: async () => null, popAnswered: async () => false };
  const requests = createRequests({ workspaces, inbox });
  const question = { kind: 'task', recipient_type: 'agent', recipient_id: second.id, title: 'look at this' };
  await fetch(`${local.url}/workspaces/${first.id}/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.token}` },
    body: JSON.stringify(question),
  });
  local.faults.on(({ route, id }) => route === LIST && id === first.id, serverError(500, 'query failed'), {
    times: 2,
  });
  expect(await requests.list({}, calmly)).toMatchObject({
    requests: [{ title: 'look at this', workspaceId: second.id, requesterId: first.id }],
    failures: [{ workspaceId: first.id, reason: expect.stringContaining('query failed') }],
  });
  const alone = requests.list({ sourceWorkspaceId: first.id }, calmly);
  expect((await refusalOf(alone)).message).toContain('query failed');
});
