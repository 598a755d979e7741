import { describe, expect, it } from 'vitest';
import { findUnread } from '../../src/bridge/feed/first-look.ts';
import { createPeerNames } from '../../src/bridge/feed/peer-names.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import { toMicros } from '../../src/domain/time.ts';
import { serverError } from '../../src/local-platform/faults/fault.ts';
import type { Profile } from '../../src/local-platform/profile.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { forever, platformAt, refusal } from '../support/platform-client.ts';
import { until } from '../support/until.ts';

async function start(profile: Profile) {
  const local = await startTestPlatform({ profile });
  const { id, token } = await createPollWorkspace(local);
  const platform = platformAt(local.url, { workspaceId: id, credentials: { token: () => token } });
  const look = (pageLimit = 500) =>
    findUnread({ workspaceId: id, platform, pageLimit, backlogMs: 600_000 }, forever);
  const acknowledge = (row: Record<string, unknown> | undefined) =>
    platform.call(
      { method: 'POST', path: `/workspaces/${id}/activity/ack`, json: { acked_seq: row?.seq } },
      forever,
    );
  return { local, id, platform, look, acknowledge };
}

describe('the first look of a machine that knows nothing', () => {
  it('is told nothing by a server of May, nor before anybody has acknowledged', async () => {
    expect(await (await start('may')).look()).toBeNull();
    const { local, id, look } = await start('head');
    await sayAsUser(local, { id }, 'hello');
    expect(await look()).toBeNull();
  });

  it('goes back to the oldest row that counts as unread, page by page', async () => {
    const { local, id, look, acknowledge, platform } = await start('head');
    local.clock.shiftBy(-3 * 24 * 3_600_000);
    await sayAsUser(local, { id }, 'read');
    local.clock.shiftBy(24 * 3_600_000);
    for (let number = 0; number < 7; number += 1) await sayAsUser(local, { id }, `unread ${number}`);
    await platform.notifyUser('an echo, which counts as nothing', [], forever);
    local.clock.shiftBy(2 * 24 * 3_600_000);
    const rows = local.rows(id);
    await acknowledge(rows[0]);
    const unread = { floorMicros: toMicros(String(rows[1]?.created_at)), ackedSeq: rows[0]?.seq };
    expect(await look()).toEqual(unread);
    expect(await look(3)).toEqual(unread);
    expect(await look(1)).toEqual(unread);
  });

  it('goes back to a row that was written late, though it is older than what was read', async () => {
    const { local, id, look, acknowledge } = await start('head');
    local.clock.shiftBy(-24 * 3_600_000);
    await sayAsUser(local, { id }, 'long read');
    const createdAtMicros = local.clock.nowMicros();
    local.clock.shiftBy(1_000);
    await sayAsUser(local, { id }, 'read');
    await acknowledge(local.rows(id)[1]);
    await local.writeRow(id, {
      createdAtMicros,
      activityType: 'a2a_receive',
      method: 'message/send',
      requestBody: {},
    });
    local.clock.shiftBy(24 * 3_600_000);
    expect((await look(2))?.floorMicros).toBe(createdAtMicros);
  });

  it('begins with the backlog when nothing older is unread, and tells what was read', async () => {
    const { local, id, look, acknowledge } = await start('head');
    await sayAsUser(local, { id }, 'read');
    await acknowledge(local.rows(id)[0]);
    const unread = await look();
    expect(unread?.ackedSeq).toBe(local.rows(id)[0]?.seq);
    expect(Math.abs((unread?.floorMicros ?? 0) / 1000 - (Date.now() - 600_000))).toBeLessThan(5_000);
  });

  it('is not given up for trouble that passes', async () => {
    const { local, look } = await start('head');
    local.faults.on('GET /workspaces/:id/mail/summary', serverError());
    expect(await refusal(look())).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the names of those who write', () => {
  it('come from the registry, asked for in the background and kept for five minutes', async () => {
    const { local, id, platform } = await start('may');
    const peer = await createPollWorkspace(local, 'reviewer');
    let nowMs = 0;
    const names = createPeerNames({ workspaceId: id, platform, clock: () => nowMs });
    const message: InboxMessage = {
      activity_id: id,
      text: 'hello',
      peer_id: peer.id,
      kind: 'peer_agent',
      method: 'message/send',
      created_at: '2026-05-05T00:00:00Z',
    };
    expect(names.name(message)).toEqual(message);
    await until(() => names.name(message).peer_name === 'reviewer', 'the name');
    expect(names.name({ ...message, peer_name: 'as the row says' }).peer_name).toBe('as the row says');
    expect(names.name({ ...message, peer_id: '' })).not.toHaveProperty('peer_name');
    const asked = () => local.requests.matching('GET /registry/:id/peers').length;
    expect(asked()).toBe(1);
    nowMs = 300_000;
    names.name(message);
    await until(() => asked() === 2, 'the list once more');
  });
});
