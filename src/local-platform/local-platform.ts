import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createFaults, type Faults } from './faults/faults.ts';
import { createRequestFaults } from './faults/request-faults.ts';
import { createRouteFinder } from './http/route-finder.ts';
import { createPlatformServer } from './http/server.ts';
import type { LocalPlatformOptions } from './options.ts';
import type { Profile } from './profile.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { platformRoutes } from './routes/routes.ts';
import { type ActivityRow, type RowDraft, showRow } from './rules/activity-row.ts';
import { sweep, sweepEveryMs } from './sweeps/sweep.ts';
import type { PlatformClock } from './world/clock.ts';
import { removeWorkspace } from './world/remove-workspace.ts';
import { newInboundSecret, newWorkspace, type Workspace } from './world/workspaces.ts';
import { createWorld } from './world/world.ts';

/** A running stand-in for the platform's server. */
export interface LocalPlatform {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The operator's credential, which also speaks for the canvas user. */
  readonly adminToken: string;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: PlatformClock;
  profile(): Profile;
  /** Another generation takes over with the same data, as after an upgrade or a rollback; open connections end. */
  switchProfile(profile: Profile): Promise<void>;
  /** Makes an external workspace as `POST /workspaces` would, with a token. */
  createWorkspace(draft: NewWorkspace): { id: string; name: string; token: string };
  /** Makes one more token for a workspace. */
  issueToken(workspaceId: string): string;
  /** Revokes every token of a workspace. */
  revokeTokens(workspaceId: string): void;
  /** Removes a workspace; its row stays and answers 410 unless it is purged. */
  removeWorkspace(workspaceId: string, options?: { purge?: boolean }): void;
  /** The workspace as it stands. Changing it is what an operator does with SQL. */
  workspace(workspaceId: string): Workspace | undefined;
  /** Writes any row, with whatever time it names, and raises `ACTIVITY_LOGGED` unless `quietly`. */
  writeRow(
    workspaceId: string,
    draft: RowDraft,
    options?: { quietly?: boolean },
  ): Promise<ActivityRow | undefined>;
  /** Readable rows as the feed shows them, oldest first. */
  rows(workspaceId: string): Record<string, unknown>[];
  /** Raises an event on a workspace's stream without writing anything. */
  wake(workspaceId: string, type: string, data: Record<string, unknown>): void;
  /** Does now what the platform does by itself every 15 s: silent agents are marked, and HEAD's own messages sent. */
  sweep(): Promise<void>;
  /** Resolves when the writes that go on after their replies are done. Held commits do not count. */
  settled(): Promise<void>;
  /** Closes every connection and refuses new ones, keeping all data, until {@link LocalPlatform.comeBack}. */
  goDown(): Promise<void>;
  /** Listens again on the same port. */
  comeBack(): Promise<void>;
  /** Ends everything and deletes the spooled files. */
  close(): Promise<void>;
}

/** What a test says about a new workspace. */
export type NewWorkspace = Pick<Workspace, 'name'> & Partial<Workspace>;

/** Starts a local platform on 127.0.0.1. It keeps everything in memory, uploaded bytes in a temporary folder. */
export async function startLocalPlatform(options: LocalPlatformOptions = {}): Promise<LocalPlatform> {
  const adminToken = options.adminToken ?? randomBytes(24).toString('base64url');
  const world = createWorld(options, adminToken);
  const routes = new Set(platformRoutes.map((route) => route.at));
  const requests = createRequestLog(routes);
  const requestFaults = createRequestFaults(routes);
  const findRoute = createRouteFinder(platformRoutes, world.profile);
  const server = createPlatformServer({ world, findRoute, requests, faults: requestFaults });

  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goDown = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(options.port ?? 0);
  const sweeping = setInterval(() => world.busyness.detach(() => sweep(world)), sweepEveryMs).unref();

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    adminToken,
    faults: createFaults(requestFaults, world.commitFaults, world.streamFaults, world.feed),
    requests,
    clock: world.clock,
    profile: world.profile,
    async switchProfile(profile) {
      world.start(profile);
      server.closeAllConnections();
      // Clients in this process see that their idle connections are gone when the event loop has come round.
      await turn();
      await turn();
    },
    createWorkspace(draft) {
      const workspace = newWorkspace({
        id: randomUUID(),
        inboundSecret: newInboundSecret(),
        deliveryMode: 'poll',
        status: 'awaiting_agent',
        parentId: world.platformRootId(),
        tier: 3,
        ...draft,
      });
      world.workspaces.set(workspace.id, workspace);
      return { id: workspace.id, name: workspace.name, token: world.tokens.issue(workspace.id) };
    },
    issueToken: (workspaceId) => world.tokens.issue(workspaceId),
    revokeTokens(workspaceId) {
      world.tokens.revoke(workspaceId);
    },
    removeWorkspace: (workspaceId, { purge = false } = {}) => removeWorkspace(world, workspaceId, purge),
    workspace: (workspaceId) => world.workspaces.get(workspaceId),
    writeRow: (workspaceId, draft, { quietly = false } = {}) =>
      quietly ? world.record(workspaceId, draft) : world.recordAndWake(workspaceId, draft),
    rows: (workspaceId) => world.feed.rows(workspaceId).map((row) => showRow(row, world.isHead())),
    wake: world.wakeUps.raise,
    sweep: () => sweep(world),
    settled: world.busyness.settled,
    goDown,
    async comeBack() {
      if (!server.listening) await listen(port);
    },
    async close() {
      clearInterval(sweeping);
      requestFaults.clear();
      world.commitFaults.clear();
      await goDown();
      world.uploads.close();
    },
  };
}
