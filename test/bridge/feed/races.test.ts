import { describe, expect, it } from 'vitest';
import type { RowDraft } from '../../../src/local-platform/rules/activity-row.ts';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { createPollWorkspace, startTestPlatform } from '../../support/local-platform.ts';
import { NaiveReader } from '../../support/naive-reader.ts';
import { envelope } from '../../support/rows.ts';
import { until } from '../../support/until.ts';

/** A bridge and a reader that trusts its cursor, both of whom have read the first message. */
async function start() {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const write = (text: string, over: Partial<RowDraft> = {}) =>
    platform.writeRow(workspace.id, {
      activityType: 'a2a_receive',
      method: 'message/send',
      targetId: workspace.id,
      requestBody: envelope([{ kind: 'text', text }]),
      ...over,
    });
  const hold = (text: string) =>
    platform.faults.commits.hold(({ requestBody }) => JSON.stringify(requestBody).includes(text));
  const window = await openBridgeWindow(platform, { workspaces: [workspace] });
  await write('first');
  await window.holds(1);
  const naive = new NaiveReader(platform, workspace);
  await naive.read();
  return { platform, write, hold, window, naive };
}

describe('races of the feed (protocol.md §13)', () => {
  it('W-7: rows that are committed late come too, of an earlier time than those read before and of the same', async () => {
    const { write, hold, window, naive } = await start();
    const createdAtMicros = Date.now() * 1000;
    const held = hold('late');
    const late = [write('late, older', { createdAtMicros: createdAtMicros - 1 })];
    late.push(write('late twin', { createdAtMicros }));
    await until(() => held.rows.length === 2, 'both are held');
    await write('newer', { createdAtMicros });
    await window.holds(2);
    await naive.read();
    held.release();
    await Promise.all(late);
    await until(async () => (await window.texts()).length === 4, 'the late ones', 25_000);
    expect((await window.texts()).slice(0, 2)).toEqual(['first', 'newer']);
    await naive.read();
    expect(naive.texts).toEqual(['first', 'newer']);
  });

  it("W-7: rows of one time at a page's edge come all, each once", async () => {
    const { platform, write, hold, window, naive } = await start();
    const held = hold('crowd');
    const beganMicros = Date.now() * 1000;
    const writes = Array.from({ length: 504 }, (_, number) =>
      write(`crowd ${number}`, { createdAtMicros: beganMicros + Math.min(number, 497) }),
    );
    await until(() => held.rows.length === writes.length, 'all of them are held');
    held.release();
    await Promise.all(writes);
    await until(async () => (await window.texts()).length === 505, 'all of them', 25_000);
    const texts = (await window.texts()).slice(1);
    expect([...texts].sort()).toEqual(writes.map((_, number) => `crowd ${number}`).sort());
    expect(texts.slice(0, 497)).toEqual(Array.from({ length: 497 }, (_, number) => `crowd ${number}`));
    await naive.read();
    await naive.read();
    // August's server tells ties apart by `seq`, for whoever reads (§15.4).
    expect(naive.texts.length < 505).toBe(platform.profile() === 'may');
  });
});
