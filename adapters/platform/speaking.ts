import * as z from 'zod';
import { isUuid } from '../../src/domain/ids.ts';
import type { ActivityReport, OutgoingMessage, UploadedFile } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { ask, type Connection } from './ask.ts';

/** `POST /workspaces/:id/notify` (§5.2): said to the user's chat. */
export async function notifyUser(
  connection: Connection,
  message: string,
  attachments: readonly UploadedFile[],
  signal: AbortSignal,
): Promise<void> {
  await say(connection, 'notify', { message, ...(attachments.length > 0 ? { attachments } : {}) }, signal);
}

/** `POST /workspaces/:id/activity` (§5.1): a self-report, which our own feed shows and skips. */
export async function reportActivity(
  connection: Connection,
  report: ActivityReport,
  signal: AbortSignal,
): Promise<void> {
  const json = {
    activity_type: report.activityType,
    source_id: connection.workspaceId,
    method: report.method,
    summary: report.summary,
    target_id: report.targetId,
    status: report.status,
    request_body: report.requestBody,
    response_body: report.responseBody,
  };
  await say(connection, 'activity', json, signal);
}

/**
 * `POST /workspaces/:peer/a2a` as this workspace (§6). The reply is the peer's own or the queued envelope, so only that
 * it is JSON is checked; it may take as long as the peer works.
 */
export async function sendToPeer(
  connection: Connection,
  peerId: string,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isUuid(peerId))
    throw new PlatformError('refused', 'a message to a peer whose id is no UUID was not sent');
  const { messageId, text } = message;
  const parts = [{ kind: 'text', text }];
  const { value } = await ask(
    connection,
    {
      method: 'POST',
      path: `/workspaces/${peerId}/a2a`,
      headers: { 'x-workspace-id': connection.workspaceId },
      json: {
        jsonrpc: '2.0',
        id: messageId,
        method: 'message/send',
        params: { message: { role: 'user', messageId, parts } },
      },
      lane: 'calls',
      deadlineMs: connection.deadlines.peerMs,
    },
    anything,
    signal,
  );
  return value;
}

async function say(connection: Connection, route: string, json: unknown, signal: AbortSignal): Promise<void> {
  const path = `/workspaces/${connection.workspaceId}/${route}`;
  const deadlineMs = connection.deadlines.callMs;
  await ask(connection, { method: 'POST', path, json, lane: 'calls', deadlineMs }, done, signal);
}

const anything = z.unknown().refine((reply) => reply !== null, 'nothing');

const done = z.looseObject({ status: z.string() });
