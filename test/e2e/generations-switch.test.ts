import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/local-platform/profile.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { ACK, attachmentsOf, CONTENT, openFileDesk } from '../support/file-desk.ts';
import { sayAsUser } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const env = { MOLECULE_HEARTBEAT_SECS: '0.5', MOLECULE_CURSOR_LAG_SECS: '0' };
const other: Readonly<Record<Profile, Profile>> = { may: 'head', head: 'may' };
const MEBI = 1024 * 1024;

describe('a server that is upgraded or rolled back under a running client', () => {
  it.each(['may', 'head'] as const)(
    'finds a file in flight: from %s',
    async (profile) => {
      const desk = await openFileDesk({ profile });
      const { platform, workspace } = desk;
      const bridge = await desk.start(env);
      const held = platform.faults.hold(CONTENT, { times: Number.POSITIVE_INFINITY });
      await sayAsUser(platform, workspace, 'take this', [{ name: 'plan.txt', bytes: 'the plan' }]);
      await until(() => desk.requests(CONTENT).length > 0, 'the transfer');
      await platform.switchProfile(other[profile]);
      held.release();

      const [file] = await attachmentsOf(bridge, 'staged');
      expect(await readFile(file?.path ?? '', 'utf8')).toBe('the plan');
      await until(() => desk.requests(ACK).some(({ status }) => status === 200), 'the acknowledgement');
      expect(await bridge.peek()).toHaveLength(1);
      expect(await bridge.pushed(1)).toHaveLength(1);
    },
    60_000,
  );

  it('takes files at once that are larger than the old server’s', async () => {
    const desk = await openFileDesk({ profile: 'may' });
    const { platform, workspace } = desk;
    const bridge = await desk.start(env);
    await sayAsUser(platform, workspace, 'small', [{ name: 'small.txt', bytes: 'small' }]);
    const [small] = await bridge.holds(1);
    await bridge.pop(small?.activity_id ?? '');
    await platform.switchProfile('head');
    const bytes = new Uint8Array(26 * MEBI).fill(7);
    await sayAsUser(platform, workspace, 'large', [{ name: 'large.bin', bytes }]);
    const [large] = await attachmentsOf(bridge, 'staged');
    expect(large?.size).toBe(bytes.length);
  }, 60_000);

  it('loses nothing and brings nothing twice, however often it changes while people write', async () => {
    const desk = await openFileDesk({ profile: 'may' });
    const { platform, workspace } = desk;
    const bridge = await desk.start(env);
    const said: string[] = [];
    const say = async (text: string, withFile: boolean) => {
      said.push(text);
      const files = withFile ? [{ name: `${said.length}.txt`, bytes: text }] : [];
      await sayAsUser(platform, workspace, text, files);
    };
    for (const [turn, profile] of (['head', 'may', 'head', 'may', 'head'] as const).entries()) {
      await say(`${turn} before`, false);
      await say(`${turn} with a file`, true);
      await platform.switchProfile(profile);
      await say(`${turn} after`, turn % 2 === 0);
    }
    const messages = await until(async () => {
      const waiting = await bridge.peek();
      const isWhole = waiting.every(({ attachments = [] }) =>
        attachments.every(({ status }) => status === 'staged'),
      );
      return waiting.length >= said.length && isWhole ? waiting : null;
    }, 'every message with its file');
    expect(messages.map(({ text }) => text)).toEqual(said);
    for (const { text, attachments = [] } of messages)
      for (const { path } of attachments) expect(await readFile(path ?? '', 'utf8')).toBe(text);
    const pushes = await bridge.pushed(said.length);
    expect(pushes.map(({ meta }) => meta.activity_id)).toEqual(
      messages.map(({ activity_id }) => activity_id),
    );
  }, 90_000);

  it('is told of nothing that waits from before the upgrade, and a new machine finds exactly that', async () => {
    const desk = await openFileDesk({ profile: 'may' });
    const { platform, workspace } = desk;
    const bridge = await desk.start(env);
    const record = () => platform.workspace(workspace.id);
    const seqOf = (text: string) => {
      const rows = platform.rows(workspace.id);
      return Number(rows.find((row) => JSON.stringify(row).includes(`"text":"${text}"`))?.seq);
    };
    await sayAsUser(platform, workspace, 'from May');
    const [fromMay] = await bridge.holds(1);
    await platform.switchProfile('head');
    await sayAsUser(platform, workspace, 'from August');
    const [, fromAugust] = await bridge.holds(2);
    await bridge.pop(fromAugust?.activity_id ?? '');
    await until(
      async () => (await bridge.status()).workspaces[0]?.features.includes('activity_ack'),
      'the upgrade is known',
    );
    await sayAsUser(platform, workspace, 'unread');
    const [, unread] = await bridge.holds(2);
    expect(record()?.lastAckedSeq).toBeNull();

    await bridge.pop(fromMay?.activity_id ?? '');
    await until(() => (record()?.lastAckedSeq ?? 0) >= seqOf('from August'), 'the acknowledgement');
    expect(record()?.lastAckedSeq).toBeLessThan(seqOf('unread'));
    await bridge.close();
    const another = await startBridgeProcess(platform, { workspaces: [workspace] });
    expect((await another.holds(1)).map(({ activity_id }) => activity_id)).toEqual([unread?.activity_id]);
  }, 90_000);
});
