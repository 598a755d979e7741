import { describe, expect, it } from 'vitest';
import { followFeatures, probeFeatures } from '../../src/bridge/feed/features.ts';
import { hearPlatform } from '../../src/bridge/feed/hear-platform.ts';
import { serverError } from '../../src/local-platform/faults/fault.ts';
import { type Profile, profiles } from '../../src/local-platform/profile.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { answering, startOddServer } from '../support/odd-server.ts';
import { firstFrame, forever, IDLE_BEAT, OWN_ID, platformAt } from '../support/platform-client.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';

const CARD = { name: 'laptop', skills: [] };

async function follow(profile: Profile, clock: () => number = Date.now) {
  const local = await startTestPlatform({ profile });
  const { id, token } = await createPollWorkspace(local);
  const direct = platformAt(local.url, { workspaceId: id, credentials: { token: () => token } });
  const { platform, heard$ } = hearPlatform(direct);
  const logger = recordingLogger();
  const features = followFeatures({ workspaceId: id, platform, heard$, clock, logger });
  return { local, id, platform, features };
}

describe('finding out what a server can do', () => {
  it.each(profiles)('looks after a registration (%s)', async (profile) => {
    const { local, id, platform, features } = await follow(profile);
    const { lastAckedSeq } = local.workspace(id) ?? {};
    await platform.register(CARD, forever);
    await local.requests.answered(1, ({ path }) => path.includes('/requests/inbox'));
    await platform.heartbeat(IDLE_BEAT, forever);
    const expected = profile === 'may' ? [] : ['activity_ack', 'generation', 'requests', 'upload_limits'];
    await until(() => features.found().size >= expected.length, 'the features');
    expect([...features.found()].sort()).toEqual(expected);
    expect(local.workspace(id)?.lastAckedSeq).toBe(lastAckedSeq);
  });

  it('looks again when a heartbeat shows another generation, and forgets what is gone', async () => {
    const { local, id, platform, features } = await follow('may');
    await platform.register(CARD, forever);
    await local.switchProfile('head');
    await platform.heartbeat(IDLE_BEAT, forever);
    await until(() => features.found().has('requests'), 'the requests');
    await sayAsUser(local, { id }, 'hello');
    await platform.readActivity({ limit: 10 }, forever);
    expect(features.found()).toContain('row_seq');

    await local.switchProfile('may');
    await platform.heartbeat(IDLE_BEAT, forever);
    await platform.readActivity({ limit: 10 }, forever);
    await until(() => features.found().size === 0, 'a server of May');
  });

  it('looks again when rows show another generation, before any heartbeat does', async () => {
    const { local, id, platform, features } = await follow('may');
    await platform.register(CARD, forever);
    await sayAsUser(local, { id }, 'hello');
    await platform.readActivity({ limit: 10 }, forever);
    for (const profile of ['head', 'may'] as const) {
      await local.switchProfile(profile);
      await platform.readActivity({ limit: 10 }, forever);
      await until(
        () => features.found().has('activity_ack') === (profile === 'head'),
        `a server of ${profile}`,
      );
    }
    expect(features.found().size).toBe(0);
  });

  it('looks again when the wake-up stream has opened anew', async () => {
    const { local, platform, features } = await follow('may');
    await platform.register(CARD, forever);
    await local.switchProfile('head');
    await firstFrame(platform);
    await until(() => features.found().has('activity_ack'), 'the acknowledgement');
  });

  it('looks once more, five minutes later, where the stream was opened again or the server was in trouble', async () => {
    let nowMs = 0;
    const { local, platform, features } = await follow('may', () => nowMs);
    const opened = () => firstFrame(platform);
    const looks = () => local.requests.matching(({ path }) => path === '/uploads/limits').length;
    const hear = () => platform.readActivity({ limit: 1 }, forever);
    await opened();
    for (const probe of ['/uploads/limits', '/requests/inbox', '/activity/ack'])
      await local.requests.answered(1, ({ path }) => path.includes(probe));
    await local.switchProfile('head');
    local.faults.on('POST /workspaces/:id/activity/ack', serverError(503, 'starting'));
    await opened();
    nowMs = 299_000;
    await hear();
    expect(features.found().size).toBe(0);
    nowMs = 300_000;
    await hear();
    await until(() => features.found().has('requests'), 'the second look');
    expect(features.found()).not.toContain('activity_ack');
    nowMs = 600_000;
    await hear();
    await until(() => features.found().has('activity_ack'), 'the third look');
    expect(looks()).toBe(3);
  });

  it.each([
    ['text', answering(404, { 'content-type': 'text/plain' }, '404 page not found'), false],
    ['a web page', answering(404, { 'content-type': 'text/html' }, '<!doctype html>'), false],
    [
      'the platform’s JSON',
      answering(404, { 'content-type': 'application/json' }, '{"error":"no such thing"}'),
      null,
    ],
    ['nothing but 405', answering(405), false],
    ['a refusal of the empty question', answering(400, {}, '{"error":"acked_seq is required"}'), true],
    ['trouble', answering(503, {}, '{"error":"down"}'), null],
    ['another’s token', answering(401, {}, '{"error":"invalid workspace auth token"}'), null],
  ])('reads %s as what it is', async (_, handle, verdict) => {
    const server = await startOddServer(handle);
    const platform = platformAt(server.url);
    const found = await probeFeatures(platform, OWN_ID, forever);
    expect([...found.values()]).toEqual([verdict, verdict, verdict]);
  });
});
