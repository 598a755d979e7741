import { isUuid } from '../../src/domain/ids.ts';
import type { WorkspacePlatform } from '../../src/domain/ports/platform.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { parseAddress } from './address.ts';
import { createAgents, type PlatformAgents } from './agents.ts';
import type { Connection } from './ask.ts';
import type { RequestBudget } from './budget.ts';
import { call } from './call.ts';
import { acknowledgeUpload, openUpload } from './download.ts';
import { readActivity } from './feed.ts';
import { DEFAULT_DEADLINES, DEFAULT_REPLY_LIMITS, type Deadlines, type ReplyLimits } from './limits.ts';
import { describe, heartbeat, register } from './presence.ts';
import { notifyUser, reportActivity, sendToPeer } from './speaking.ts';
import { uploadFiles } from './upload.ts';
import { wakeUps } from './wake-ups.ts';
import { createWire } from './wire.ts';

/** How one workspace reaches its platform. */
export interface PlatformOptions {
  /** As configured; white space around it and slashes at its end do not matter. */
  readonly baseUrl: string;
  readonly workspaceId: string;
  /** `token` is read at every request, so that a rotated one is used at once. */
  readonly credentials: { token(): string };
  /** `X-Molecule-Org-Id` of a hosted tenant (§1.6). */
  readonly orgId?: string;
  /** The process's agents, closed by whoever made them. Without them the platform makes its own. */
  readonly agents?: PlatformAgents;
  readonly deadlines?: Partial<Deadlines>;
  readonly limits?: Partial<ReplyLimits>;
  readonly logger: Logger;
  /** Hears of the shared request budget with each reply that tells of it (§1.5). */
  readonly onBudget?: (budget: RequestBudget) => void;
  /** Hears of each reply's status; `signal` is the one that the method was given. */
  readonly onReply?: (status: number, signal: AbortSignal) => void;
}

/**
 * The platform of one workspace over HTTP: the one implementation of {@link WorkspacePlatform}. Opens no connection
 * before the first request. Throws a `TypeError` for a base URL or a workspace id that can never work.
 */
export function createPlatform(options: PlatformOptions): WorkspacePlatform {
  const { credentials, workspaceId, logger, orgId, onBudget, onReply } = options;
  if (!isUuid(workspaceId)) throw new TypeError('the workspace id is no UUID');
  const agents = options.agents ?? createAgents();
  const wire = createWire({
    address: parseAddress(options.baseUrl),
    agents,
    token: () => credentials.token(),
    logger,
    ...(orgId === undefined ? {} : { orgId }),
    ...(onBudget === undefined ? {} : { onBudget }),
    ...(onReply === undefined ? {} : { onReply }),
  });
  const connection: Connection = {
    wire,
    workspaceId,
    deadlines: { ...DEFAULT_DEADLINES, ...options.deadlines },
    limits: { ...DEFAULT_REPLY_LIMITS, ...options.limits },
  };
  return {
    register: (card, signal) => register(connection, card, signal),
    heartbeat: (state, signal) => heartbeat(connection, state, signal),
    readActivity: (query, signal) => readActivity(connection, query, signal),
    describe: (signal) => describe(connection, signal),
    wakeUps: (onFrame, signal) => wakeUps(connection, onFrame, signal),
    openUpload: (fileId, signal, announcedType) => openUpload(connection, fileId, signal, announcedType),
    acknowledgeUpload: (fileId, signal) => acknowledgeUpload(connection, fileId, signal),
    notifyUser: (message, attachments, signal) => notifyUser(connection, message, attachments, signal),
    uploadFiles: (files, signal, onProgress) => uploadFiles(connection, files, signal, onProgress),
    sendToPeer: (peerId, message, signal) => sendToPeer(connection, peerId, message, signal),
    reportActivity: (report, signal) => reportActivity(connection, report, signal),
    call: (request, signal) => call(connection, request, signal),
    close() {
      wire.close();
      if (!options.agents) agents.close();
    },
  };
}
