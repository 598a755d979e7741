import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundledProgram } from '../support/bundled-program.ts';
import { dyingPoints } from '../support/dying-points.ts';
import { ACK, attachmentsOf, CONTENT, type FileDesk, openFileDesk } from '../support/file-desk.ts';
import { sayAsUser } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const FILE = { name: 'report.txt', bytes: 'x'.repeat(200_000) };

/** Runs the bridge until it kills itself at a step. */
async function dieAt({ platform, workspace, stateFolder }: FileDesk, point: string): Promise<void> {
  const child = spawn(process.execPath, [await bundledProgram('test/support/dying-bridge.ts')], {
    env: {
      PATH: process.env.PATH,
      HOME: stateFolder,
      CONFIGS_DIR: stateFolder,
      PLATFORM_URL: platform.url,
      WORKSPACE_ID: workspace.id,
      MOLECULE_WORKSPACE_TOKEN: workspace.token,
      MOLECULE_POLL_SECS: '0.2',
      MOLECULE_SAFETY_POLL_SECS: '0.2',
      DIE_AT: point,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

describe('kill -9 while a file comes in (W-37, W-41)', () => {
  it.each(dyingPoints)('%s', async (point) => {
    const desk = await openFileDesk();
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    await dieAt(desk, point);
    const acknowledgedBefore = desk.requests(ACK).length;
    expect(acknowledgedBefore).toBe(point.startsWith('acknowledge') ? 1 : 0);

    const bridge = await desk.start();
    const [file] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(file?.path ?? '', 'utf8')).toBe(FILE.bytes);
    // What was told but not noted is told again, which a server of August takes as often as it comes.
    const again = desk.platform.profile() === 'head' ? 200 : 404;
    const told = point === 'acknowledged, not noted' ? [200, again] : [200];
    await until(() => desk.requests(ACK).length === told.length, 'the acknowledgement');
    expect(desk.requests(ACK).map(({ status }) => status)).toEqual(told);
    expect(await desk.staged()).toHaveLength(1);
    expect((await bridge.peek()).map(({ text }) => text)).toEqual(['here']);
    // What the log knew is not fetched again.
    const noted = point === 'noted' || point.startsWith('acknowledge');
    expect(desk.requests(CONTENT)).toHaveLength(noted ? 1 : point === 'noted, not flushed' ? 1 : 2);
  });
});
