import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goInteger, goText } from '../rules/go-json.ts';
import { cutCharacters } from '../rules/preview.ts';
import type { World } from '../world/world.ts';

/** What an agent says to its user (§5.2). */
export const notifyRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/notify', guard: 'workspace', handle: notify },
];

const attachment = z.object({ uri: goText, name: goText, mimeType: goText, size: goInteger });
const notification = z.object({ message: goText, attachments: z.array(attachment).nullish() });

/** An event and a row of its own; no `ACTIVITY_LOGGED`. */
async function notify(call: Call, world: World) {
  const body = decodeBody(notification, (await call.readBody()).text);
  if (body === undefined || body.message === '') refuse(400, 'message is required');
  const attachments = body.attachments ?? [];
  for (const [index, file] of attachments.entries()) {
    if (file.uri === '' || file.name === '') refuse(400, `attachment[${index}]: uri and name are required`);
  }
  const workspace = world.workspaces.get(call.params.id ?? '');
  if (workspace === undefined || workspace.status === 'removed') refuse(404, 'workspace not found');
  if (world.isHead() && !workspace.talkToUserEnabled) {
    refuse(403, 'talk_to_user_disabled', { hint: 'ask the operator to set talk_to_user_enabled' });
  }

  const files = attachments.map((file) => ({
    uri: file.uri,
    name: file.name,
    ...(file.mimeType !== '' && { mimeType: file.mimeType }),
    ...(file.size !== 0 && { size: file.size }),
  }));
  const tell = () =>
    world.wakeUps.raise(workspace.id, 'AGENT_MESSAGE', {
      message: body.message,
      workspace_id: workspace.id,
      name: workspace.name,
      ...(files.length > 0 && { attachments: files }),
    });
  // May tells first and stores then, HEAD the other way round.
  if (!world.isHead()) tell();
  const preview = world.isHead() ? cutCharacters(body.message, previewLength) : previewByBytes(body.message);
  // A cut through a character makes text the database refuses: the user sees it live and never again.
  if (preview !== undefined) {
    await world.record(workspace.id, {
      activityType: 'a2a_receive',
      method: 'notify',
      summary: `Agent message: ${preview}`,
      responseBody: {
        result: body.message,
        ...(files.length > 0 && { parts: files.map((file) => ({ kind: 'file', file })) }),
      },
    });
  }
  if (world.isHead()) tell();
  return json(200, { status: 'sent' });
}

/** Bytes of the preview in May, characters at HEAD. */
const previewLength = 80;

/** May's preview: the first bytes and `…`; undefined when the cut goes through a character. */
function previewByBytes(message: string): string | undefined {
  const bytes = Buffer.from(message);
  if (bytes.length <= previewLength) return message;
  const cut = bytes.subarray(0, previewLength);
  const text = cut.toString('utf8');
  return Buffer.from(text).equals(cut) ? `${text}…` : undefined;
}
