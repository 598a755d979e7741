import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goInteger, goText } from '../rules/go-json.ts';
import type { World } from '../world/world.ts';

/** What an agent says to its user (§5.2). */
export const notifyRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/notify', guard: 'workspace', handle: notify },
];

const attachment = z.object({ uri: goText, name: goText, mimeType: goText, size: goInteger });
const notification = z.object({ message: goText, attachments: z.array(attachment).nullish() });

/** First the event, then the row; no `ACTIVITY_LOGGED`. */
async function notify(call: Call, world: World) {
  const body = decodeBody(notification, (await call.readBody()).text);
  if (body === undefined || body.message === '') refuse(400, 'message is required');
  const attachments = body.attachments ?? [];
  for (const [index, file] of attachments.entries()) {
    if (file.uri === '' || file.name === '') refuse(400, `attachment[${index}]: uri and name are required`);
  }
  const workspace = world.workspaces.get(call.params.id ?? '');
  if (workspace === undefined || workspace.status === 'removed') refuse(404, 'workspace not found');

  const files = attachments.map((file) => ({
    uri: file.uri,
    name: file.name,
    ...(file.mimeType !== '' && { mimeType: file.mimeType }),
    ...(file.size !== 0 && { size: file.size }),
  }));
  world.wakeUps.raise(workspace.id, 'AGENT_MESSAGE', {
    message: body.message,
    workspace_id: workspace.id,
    name: workspace.name,
    ...(files.length > 0 && { attachments: files }),
  });

  const summary = previewByBytes(body.message);
  // A cut through a character makes text the database refuses: the user sees it live and never again.
  if (summary === undefined) return json(200, { status: 'sent' });
  await world.record(workspace.id, {
    activityType: 'a2a_receive',
    method: 'notify',
    summary: `Agent message: ${summary}`,
    responseBody: {
      result: body.message,
      ...(files.length > 0 && { parts: files.map((file) => ({ kind: 'file', file })) }),
    },
  });
  return json(200, { status: 'sent' });
}

const previewBytes = 80;

/** May's preview: the first 80 bytes and `…`; undefined when the cut goes through a character. */
function previewByBytes(message: string): string | undefined {
  const bytes = Buffer.from(message);
  if (bytes.length <= previewBytes) return message;
  const cut = bytes.subarray(0, previewBytes);
  const text = cut.toString('utf8');
  return Buffer.from(text).equals(cut) ? `${text}…` : undefined;
}
