import {
  AgentError,
  type CallContext,
  type HistoryEntry,
  type HistoryRequest,
} from '../domain/ports/agent.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import { isRecord } from '../domain/record.ts';
import { fromMicros, toMicros } from '../domain/time.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { routeOne, routeToPeer } from '../domain/workspaces/routing.ts';
import { type OwnWorkspace, workspaceOf } from '../outbox/deps.ts';
import { explainUnanswered } from '../outbox/refusal.ts';
import type { DirectoryDeps } from './deps.ts';
import { readChatMessage, readPeerEntry, readUserEntry } from './history-entry.ts';
import { type ReadEntries, type ReadEntry, withFiles } from './history-files.ts';

/** Who stands for the user where a peer's id is asked for; an empty id does too. */
const USER = 'user';

/**
 * The newest `limit` things said with a peer, or with the user, oldest first (§4.1, §15.1). Texts beyond 4,000
 * characters are cut and say so; what all texts together come to is bounded, so that there may be fewer (W-66).
 */
export async function readHistory(
  request: HistoryRequest,
  call: CallContext,
  deps: DirectoryDeps,
): Promise<readonly HistoryEntry[]> {
  const { beforeTs, sourceWorkspaceId } = request;
  const limit = Math.min(Math.max(Math.trunc(request.limit), 1), MOST_ENTRIES);
  if (beforeTs !== undefined && toMicros(beforeTs) === null) {
    throw new AgentError(`before_ts is no time: ${JSON.stringify(beforeTs.slice(0, 60))}`, EXAMPLE);
  }
  const withUser = request.peerId === '' || request.peerId.toLowerCase() === USER;
  try {
    if (withUser) {
      const workspace = workspaceOf(deps.workspaces, routeOne(sourceWorkspaceId, deps.workspaces));
      return await readWithUser(workspace, limit, beforeTs, withFiles(workspace.id, deps), call.signal);
    }
    const knownThrough = deps.peers.through(request.peerId);
    const route = routeToPeer({ peerId: request.peerId, sourceWorkspaceId, knownThrough }, deps.workspaces);
    const workspace = workspaceOf(deps.workspaces, route.sourceWorkspaceId);
    const read = withFiles(workspace.id, deps)(readPeerEntry);
    return await readRows(workspace, { peer_id: route.peerId }, read, limit, beforeTs, call.signal);
  } catch (error) {
    throw explainUnanswered(error, 'Reading the history');
  }
}

/** The platform's own chat history, which knows sessions and notices; the feed where that is missing. */
async function readWithUser(
  workspace: OwnWorkspace,
  limit: number,
  beforeTs: string | undefined,
  reading: (read: ReadEntry) => ReadEntries,
  signal: AbortSignal,
): Promise<readonly HistoryEntry[]> {
  const path = `/workspaces/${workspace.id}/chat-history`;
  const query = { limit: String(limit), ...(beforeTs === undefined ? {} : { before_ts: beforeTs }) };
  try {
    const { body } = await workspace.platform.call({ method: 'GET', path, query }, signal);
    const messages = isRecord(body) && Array.isArray(body.messages) ? body.messages : null;
    if (!messages) throw new PlatformError('malformed', 'the chat history holds no messages');
    return bounded(await reading(readChatMessage)(messages));
  } catch (error) {
    if (!(error instanceof PlatformError) || error.kind !== 'no-such-route') throw error;
    const read = reading(readUserEntry);
    return readRows(workspace, { source: 'canvas', type: 'a2a_receive' }, read, limit, beforeTs, signal);
  }
}

/** Pages backwards through the feed until enough was said. Ties at a page's edge are read again and known by their ids. */
async function readRows(
  { id, platform }: OwnWorkspace,
  filter: Readonly<Record<string, string>>,
  read: ReadEntries,
  limit: number,
  beforeTs: string | undefined,
  signal: AbortSignal,
): Promise<readonly HistoryEntry[]> {
  const newestFirst = new Map<string, HistoryEntry>();
  let before = beforeTs;
  let pageSize = PAGE;
  let chars = 0;
  for (let page = 0; page < MOST_PAGES && newestFirst.size < limit && chars < MOST_CHARS; page += 1) {
    const query = {
      ...filter,
      limit: String(pageSize),
      ...(before === undefined ? {} : { before_ts: before }),
    };
    let rows: readonly unknown[];
    try {
      rows = await readPage(platform, `/workspaces/${id}/activity`, query, signal);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.kind !== 'too-large' || pageSize === 1) throw error;
      pageSize = Math.ceil(pageSize / 10);
      continue;
    }
    for (const entry of await read(rows)) {
      if (newestFirst.has(entry.activity_id)) continue;
      newestFirst.set(entry.activity_id, entry);
      chars += entry.text.length;
    }
    const next = justAfter(rows.at(-1));
    if (rows.length < pageSize || next === null || next === before) break;
    before = next;
  }
  return bounded([...newestFirst.values()].slice(0, limit).reverse());
}

async function readPage(
  platform: WorkspacePlatform,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const { body } = await platform.call({ method: 'GET', path, query }, signal);
  if (Array.isArray(body)) return body;
  throw new PlatformError('malformed', 'the history is no list');
}

/** The time that still includes a row under the strict `<` of `before_ts`. */
function justAfter(row: unknown): string | null {
  const atMicros = isRecord(row) && typeof row.created_at === 'string' ? toMicros(row.created_at) : null;
  return atMicros === null ? null : fromMicros(atMicros + 1);
}

/** The newest entries whose texts stay within the bound; at least one. Takes and gives oldest first. */
function bounded(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let chars = 0;
  let first = entries.length;
  while (first > 0) {
    chars += entries[first - 1]?.text.length ?? 0;
    if (chars > MOST_CHARS && first < entries.length) break;
    first -= 1;
  }
  return entries.slice(first);
}

const EXAMPLE = 'Give an RFC 3339 time such as 2026-05-01T00:00:00Z.';
const MOST_ENTRIES = 500;
const PAGE = 100;
const MOST_PAGES = 20;
const MOST_CHARS = 256 * 1024;
