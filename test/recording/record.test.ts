import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import { startRecording } from '../../src/recording/record.ts';
import { createSpectators } from '../../src/recording/spectators.ts';
import { inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { bundle } from '../support/bundle.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { writeManyRows } from '../support/many-rows.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

type Line = Frame & { readonly n: number };

async function linesOf(path: string): Promise<Line[]> {
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

async function replay(path: string): Promise<InboxMessage[]> {
  const [source] = await readSource(path);
  if (!source) throw new Error('nothing to play');
  return inboxOf(await play(source));
}

async function record(args: Readonly<Record<string, string>> = {}) {
  const path = join(createTempFolder('recording'), 'run.ndjson');
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const bridge = await startBridgeProcess(platform, {
    workspaces: [workspace],
    program: await bundle('src/cli.ts'),
    env: { MOLECULE_RECORD: path, ...args },
  });
  return { path, platform, workspace, bridge };
}

describe('a recording of a running bridge', () => {
  it('holds rows, replies, events and moves in order, and replays to the same inbox', async () => {
    const { path, platform, workspace, bridge } = await record();
    await sayAsUser(platform, workspace, 'first');
    await sayAsUser(platform, workspace, 'with a file', [{ name: 'notes.txt', bytes: 'notes' }]);
    await sayAsUser(platform, workspace, 'third');
    const [first] = await bridge.holds(3);
    await bridge.pop(first?.activity_id ?? '');
    await bridge.pushed(3);
    const inbox = await bridge.peek();
    await bridge.close();

    const lines = await linesOf(path);
    expect(lines.map(({ n }) => n)).toEqual(lines.map((_, index) => index + 1));
    const places = [
      'row.served',
      'event.appended',
      'reply.received',
      'machine.moved',
      'ledger.opened',
    ] as const;
    for (const type of places) expect(lines.map((line) => line.type)).toContain(type);
    const firstRow = lines.findIndex((line) => line.type === 'row.served');
    const received = lines.findIndex(
      (line) => line.type === 'event.appended' && line.data.event.type === 'message.received',
    );
    expect(firstRow).toBeLessThan(received);
    expect(lines.some((line) => line.type === 'machine.moved' && line.data.machine === 'delivery')).toBe(
      true,
    );

    const text = await readFile(path, 'utf8');
    expect(text).toContain('with a file');
    expect(text).not.toContain(workspace.token);
    expect(text).not.toContain(platform.adminToken);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);

    expect(await replay(path)).toEqual(inbox);
  });

  it('replays a backlog of several pages in order', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const texts = Array.from({ length: 1_200 }, (_, index) => `message ${index}`);
    await writeManyRows(platform, workspace.id, texts.length);
    const bridge = await startBridgeProcess(platform, {
      workspaces: [workspace],
      program: await bundle('src/cli.ts'),
      env: { MOLECULE_RECORD: path },
    });
    await until(async () => (await bridge.status()).waiting === texts.length, 'the whole backlog');
    await bridge.close();
    expect((await replay(path)).map(({ text }) => text)).toEqual(texts);
  });

  it('leaves out every word that anybody wrote when told to, and still replays', async () => {
    const { path, platform, workspace, bridge } = await record({ MOLECULE_RECORD_REDACT_TEXT: '1' });
    const peer = await createPollWorkspace(platform, 'zebra');
    await sayAsUser(platform, workspace, 'a secret between us', [{ name: 'okapi.txt', bytes: 'the plan' }]);
    await sayAsPeer(platform, peer, workspace, 'a secret of quaggas');
    const looks = [
      '12345678-9abc-4def-8123-456789abcdef',
      '1999-01-02T03:04:05.678Z',
      'expired',
      '(empty A2A message)',
    ];
    for (const look of looks) await sayAsUser(platform, workspace, look, [{ name: look, bytes: look }]);
    await bridge.pushed(2 + looks.length);
    const inbox = await bridge.peek();
    await bridge.close();
    const text = await readFile(path, 'utf8');
    for (const look of looks) expect(text).not.toContain(look);
    for (const word of ['secret', 'between', 'okapi', 'quagga', 'zebra', bridge.stateFolder])
      expect(text).not.toContain(word);

    const replayed = await replay(path);
    expect(replayed.map(({ text }) => text)).toEqual(inbox.map(({ text }) => 'x'.repeat(text.length)));
    const shape = (messages: readonly InboxMessage[]) =>
      messages.map(({ activity_id, kind, created_at, attachments = [] }) => ({
        ...{ activity_id, kind, created_at },
        files: attachments.map(({ status, size, mimeType }) => ({ status, size, mimeType })),
      }));
    expect(shape(replayed)).toEqual(shape(inbox));
  });
});

describe('a recording', () => {
  const START = Date.UTC(2026, 4, 5);
  const WORKSPACE = 'aaaaaaaa-0000-4000-8000-000000000001';
  const rules = { uploadDeadlineSecs: 30, uploadNoticeSecs: 60, cursorLagSecs: 30 };
  const start = (path: string, over: { maxBytes?: number } = {}) => {
    const spectators = createSpectators(() => START);
    const logger = recordingLogger();
    const watch = (spectator: (frame: Frame) => void) => spectators.watch(spectator, () => () => {});
    const parts = { path, redactText: false, rules, maxBytes: 1e9, watch, clock: () => START, logger };
    return { recording: startRecording({ ...parts, ...over }), spectators, logger };
  };
  const move = () => ({ machine: 'workspace', event: 'stop', value: 'stopped' });

  it('overwrites nothing', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    await writeFile(path, 'mine');
    const recording = await start(path).recording;
    await recording.stop();
    expect(recording.path).toBe(path.replace('run', 'run-2'));
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('says why there is none when the file cannot be made', async () => {
    const path = join(createTempFolder('recording'), 'missing', 'run.ndjson');
    await expect(start(path).recording).rejects.toThrow('ENOENT');
  });

  it('ends with its stop, and costs nothing before and after', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    const { recording, spectators } = start(path);
    let made = 0;
    const see = () =>
      spectators.see('machine.moved', '', () => {
        made += 1;
        return move();
      });
    const running = await recording;
    see();
    await running.stop();
    see();
    expect(made).toBe(1);
    expect(await linesOf(path)).toEqual([
      { n: 1, type: 'machine.moved', at: '2026-05-05T00:00:00.000Z', workspaceId: '', data: move() },
    ]);
  });

  it('drops what a slow disk does not take, and says how much', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    const { recording, spectators } = start(path);
    const running = await recording;
    const row = { text: 'x'.repeat(1024 * 1024) };
    for (let count = 0; count < 40; count += 1) spectators.see('row.served', '', () => ({ row }));
    await running.stop();
    const lines = await linesOf(path);
    const dropped = lines.reduce(
      (sum, line) => sum + (line.type === 'frames.dropped' ? line.data.count : 0),
      0,
    );
    const rows = lines.filter(({ type }) => type === 'row.served').length;
    expect(dropped).toBeGreaterThan(0);
    expect(rows + dropped).toBe(40);
  });

  it('ends before it is larger than it may be, says so, and is of use up to there', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    const maxBytes = 10_000;
    const { recording, spectators, logger } = start(path, { maxBytes });
    const running = await recording;
    let made = 0;
    for (let count = 0; count < 1_000; count += 1) {
      spectators.see('row.served', WORKSPACE, () => {
        made += 1;
        return { row: { id: WORKSPACE, text: 'é'.repeat(100) } };
      });
    }
    expect(running.ended).toContain('MOLECULE_RECORD_MAX_BYTES');
    expect(logger.lines.join('\n')).toContain(
      `${path}: the recording ends here: it would be larger than 10000`,
    );
    // Nobody watches any more.
    expect(made).toBeLessThan(40);
    await running.stop();
    expect((await stat(path)).size).toBeLessThanOrEqual(maxBytes);
    const lines = await linesOf(path);
    expect(lines.map(({ n }) => n)).toEqual(lines.map((_, index) => index + 1));
    expect(lines).toHaveLength(made - 1);
    expect(await readSource(path)).toMatchObject([{ kind: 'rows', script: { workspaceId: WORKSPACE } }]);
  });

  it('passes over a row in which a stranger has nested more than can be written, and says so', async () => {
    const path = join(createTempFolder('recording'), 'run.ndjson');
    const { recording, spectators } = start(path);
    const running = await recording;
    const nested = JSON.parse(`${'['.repeat(9_000)}${']'.repeat(9_000)}`) as unknown;
    spectators.see('row.served', WORKSPACE, () => ({ row: { id: WORKSPACE, nested } }));
    spectators.see('machine.moved', '', move);
    await running.stop();
    expect((await linesOf(path)).map(({ type, data }) => [type, data])).toEqual([
      ['frames.dropped', { count: 1 }],
      ['machine.moved', move()],
    ]);
  });
});
