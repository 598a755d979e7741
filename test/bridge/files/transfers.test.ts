import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDisk, type FileSystem } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import { createFileStore } from '../../../adapters/staged-files/file-store.ts';
import { chooseStagingFolder } from '../../../adapters/staged-files/folder.ts';
import { fetchUpload } from '../../../src/bridge/files/fetch-upload.ts';
import { startTransfers } from '../../../src/bridge/files/transfers.ts';
import { realPace } from '../../../src/bridge/pacing/pace.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import { PLATFORM_KEEPS_MS } from '../../../src/domain/files/upload.ts';
import type { EventLog } from '../../../src/domain/ports/storage.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { serverError, stallBody } from '../../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import { createSlots } from '../../../streams/slots.ts';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { ACK, CONTENT } from '../../support/file-desk.ts';
import {
  createPollWorkspace,
  sayAsUser,
  startTestPlatform,
  type TestWorkspace,
  uploadAsUser,
} from '../../support/local-platform.ts';
import { platformAt } from '../../support/platform-client.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { uploadOf } from '../../support/uploads.ts';

const FOREVER = { times: Number.POSITIVE_INFINITY };
const FILE = { name: 'report.txt', bytes: 'the very bytes of the report' };

/** The transfers of a workspace as the bridge composes them, over a real ledger, platform and disk. */
async function openTransfers(
  local: LocalPlatform,
  { id, token }: TestWorkspace,
  beforeAppend: (events: readonly StoredEvent[]) => Promise<unknown> = async () => {},
) {
  const folder = createTempFolder('transfers');
  const logger = recordingLogger();
  const disk = createDisk({ logger });
  const log = openEventLog({ folder, disk, logger });
  const append: EventLog['append'] = async (events) => {
    await beforeAppend(events);
    await log.append(events);
  };
  const ledger = await openLedger({ log: { ...log, append }, clock: Date.now });
  const staging = await chooseStagingFolder({
    uploadsDir: join(folder, 'files'),
    workspaceFolder: folder,
    disk,
  });
  const platform = platformAt(local.url, { workspaceId: id, credentials: { token: () => token } });
  /** Up to where the log was durable when each acknowledgement left. */
  const acknowledgedAt: number[] = [];
  const transfers = startTransfers({
    platform: {
      openUpload: platform.openUpload,
      acknowledgeUpload(fileId, signal) {
        acknowledgedAt.push(ledger.durableSeq);
        return platform.acknowledgeUpload(fileId, signal);
      },
    },
    files: createFileStore({ folder: staging, disk, owner: 'workspace' }),
    ledger,
    maxBytes: async () => ({ bytes: 1000, isKnown: true }),
    ownSlots: createSlots(4),
    sharedSlots: createSlots(8),
    clock: Date.now,
    pace: { ...realPace, random: () => 0 },
  });
  onTestFinished(async () => {
    await transfers.close();
    await ledger.close();
  });
  return {
    ledger,
    acknowledgedAt,
    folder: staging.path,
    staged: () => nodeFs.readdir(staging.path).catch(() => []),
    /** Takes up the rows that the platform has, and says which file the last of them announces. */
    async takeRows() {
      const { rows } = await platform.readActivity(
        { limit: 100, sinceSecs: 600 },
        new AbortController().signal,
      );
      const classified = rows.map((row) => classifyRow(row, id));
      await ledger.commit({ type: 'takeRows', opened: null, rows: classified, advanced: null });
      return [...ledger.state.uploads.keys()].at(-1) ?? '';
    },
    /** The agent has sent this file up itself, as only the reply tells. */
    async own(fileId: string) {
      await ledger.commit({ type: 'noteSending', sendingId: 's', files: [] });
      await ledger.commit({ type: 'noteSent', sendingId: 's', fileIds: [fileId] });
    },
  };
}

async function aWorkspace() {
  const local = await startTestPlatform();
  return { local, workspace: await createPollWorkspace(local) };
}

describe('the transfers of a workspace', () => {
  it("W-39: let go of a file that turns out to be the agent's own, and of its part on disk", async () => {
    const { local, workspace } = await aWorkspace();
    local.faults.on(CONTENT, stallBody(5), FOREVER);
    const desk = await openTransfers(local, workspace);
    await uploadAsUser(local, workspace, [FILE]);
    const fileId = await desk.takeRows();
    await until(async () => (await desk.staged()).length === 1, 'its first bytes');
    await desk.own(fileId);
    await until(async () => (await desk.staged()).length === 0, 'nothing of it is left');
    expect(local.requests.matching(ACK)).toEqual([]);
  });

  it('W-39: do not try again at one whose tries have failed so far', async () => {
    const { local, workspace } = await aWorkspace();
    const failing = local.faults.on(CONTENT, serverError(), FOREVER);
    const desk = await openTransfers(local, workspace);
    await uploadAsUser(local, workspace, [FILE]);
    const fileId = await desk.takeRows();
    await until(() => desk.ledger.state.uploads.get(fileId)?.attempts === 1, 'the first failure');
    await desk.own(fileId);
    failing.off();
    // A second file comes all the way, its retry due later than the first one's was.
    const again = local.faults.on(CONTENT, serverError(), { times: 2 });
    await uploadAsUser(local, workspace, [{ name: 'other.txt', bytes: 'another' }]);
    const other = await desk.takeRows();
    await until(() => desk.ledger.state.uploads.get(other)?.outcome.status === 'staged', 'the other file');
    expect(again.remaining).toBe(0);
    const asked = local.requests.matching(CONTENT).filter(({ path }) => path.includes(fileId));
    expect(asked).toHaveLength(1);
  });

  it('do not acknowledge one whose copy here is lost before the platform knew, until it is here again (W-37)', async () => {
    const { local, workspace } = await aWorkspace();
    const refusing = local.faults.on(ACK, serverError(), FOREVER);
    const desk = await openTransfers(local, workspace);
    await uploadAsUser(local, workspace, [FILE]);
    const fileId = await desk.takeRows();
    const ofFile = ({ path }: { readonly path: string }) => path.includes(fileId);
    await until(() => local.requests.matching(ACK).length === 1, 'a refused acknowledgement');
    const held = local.faults.hold((request) => request.route === CONTENT && ofFile(request));
    const [name = ''] = await desk.staged();
    await nodeFs.rm(join(desk.folder, name));
    await desk.ledger.commit({ type: 'noteLost', fileId });
    // A second file, refused once, is acknowledged later than the first one would have been.
    await uploadAsUser(local, workspace, [{ name: 'other.txt', bytes: 'another' }]);
    const other = await desk.takeRows();
    await until(() => local.requests.matching(ACK).length === 2, 'another refused acknowledgement');
    refusing.off();
    await until(() => desk.ledger.state.uploads.get(other)?.acknowledged, 'the other file');
    expect(local.requests.matching(ACK).filter(ofFile)).toHaveLength(1);
    held.release();
    await until(() => desk.ledger.state.uploads.get(fileId)?.acknowledged, 'staged anew and acknowledged');
    expect(await desk.staged()).toContain(name);
  });
});

describe('a file that may be the agent’s own', () => {
  it('W-37, W-39: is acknowledged once its staging is durable, not as soon as its sending has ended', async () => {
    const { local, workspace } = await aWorkspace();
    const held = local.faults.hold(CONTENT);
    const isStaged = () =>
      [...desk.ledger.state.uploads.values()].some(({ outcome }) => outcome.status === 'staged');
    // The sending's end is on its way to the disk until the file is staged as well; that is written next.
    const desk = await openTransfers(local, workspace, async (events) => {
      if (!events.some(({ type }) => type === 'upload.sent')) return;
      held.release();
      await until(isStaged, 'the file that was cited');
    });
    const stagedAt: number[] = [];
    desk.ledger.events$.subscribe(({ type, seq }) => {
      if (type === 'upload.staged') stagedAt.push(seq);
    });
    const files = [{ name: FILE.name, size: FILE.bytes.length }];
    await desk.ledger.commit({ type: 'noteSending', sendingId: 's', files });
    await sayAsUser(local, workspace, 'look', [FILE]);
    await desk.takeRows();
    await local.requests.next(CONTENT);
    await desk.ledger.commit({ type: 'noteSent', sendingId: 's', fileIds: [] });
    await until(() => desk.acknowledgedAt.length > 0, 'an acknowledgement');
    expect(desk.acknowledgedAt).toEqual([expect.any(Number)]);
    expect(desk.acknowledgedAt[0]).toBeGreaterThanOrEqual(stagedAt[0] ?? Number.POSITIVE_INFINITY);
  });
});

describe('a file that the platform has surely forgotten', () => {
  it('W-31: is expired a day after it was announced, and no longer asked for', async () => {
    const fetcher = {
      platform: { openUpload: () => Promise.reject(new Error('it was asked for')) },
      files: { stage: () => Promise.reject(new Error('nothing came')) },
      maxBytes: async () => ({ bytes: 1000, isKnown: true }),
      clock: () => PLATFORM_KEEPS_MS + 1_001,
    };
    const never = new AbortController().signal;
    const outcomeOf = (announcedAtMs: number) => fetchUpload(uploadOf(1, { announcedAtMs }), fetcher, never);
    expect(await outcomeOf(1_000)).toMatchObject({ status: 'expired' });
    expect(await outcomeOf(1_001)).toEqual({ status: 'failed', reason: 'it was asked for' });
  });
});

describe('the end', () => {
  it('W-18: waits until a transfer has taken away its part of a file, before the log is closed', async () => {
    const { local, workspace } = await aWorkspace();
    local.faults.on(CONTENT, stallBody(5), FOREVER);
    const steps: string[] = [];
    const fs: FileSystem = {
      ...nodeFs,
      open: (path, ...how) => {
        if (steps.length > 0 && String(path).includes('snapshot')) steps.push('closing the log');
        return nodeFs.open(path, ...how);
      },
      async unlink(path) {
        if (!String(path).includes('files')) return nodeFs.unlink(path);
        steps.push('removing');
        // A disk that takes its time.
        await fetch(`${local.url}/health`);
        await nodeFs.unlink(path);
        steps.push('removed');
      },
    };
    const window = await openBridgeWindow(local, { workspaces: [workspace], fs });
    await uploadAsUser(local, workspace, [FILE]);
    const parts = async () => {
      const names = await nodeFs.readdir(window.stateFolder, { recursive: true });
      return names.filter((name) => name.endsWith('.tmp'));
    };
    await until(async () => (await parts()).length === 1, 'the part of the file');
    await window.bridge.stop();
    expect(steps.slice(0, 3)).toEqual(['removing', 'removed', 'closing the log']);
    expect(await parts()).toEqual([]);
  });

  it('W-18: does not wait for a server that is slow to tell its limits', async () => {
    const end = new AbortController();
    let asked = false;
    const fetching = fetchUpload(
      uploadOf(1, { announcedAtMs: Date.now() }),
      {
        platform: { openUpload: () => new Promise(() => {}) },
        files: { stage: () => Promise.reject(new Error('nothing came')) },
        maxBytes: () => {
          asked = true;
          return new Promise(() => {});
        },
        clock: Date.now,
      },
      end.signal,
    );
    expect(asked).toBe(true);
    end.abort(new Error('the end'));
    expect(await fetching).toEqual({ status: 'failed', reason: 'the end' });
  });
});
