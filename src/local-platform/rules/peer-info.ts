import type { ActivityRow } from './activity-row.ts';
import { isObject } from './go-json.ts';
import { partsOf } from './message-content.ts';

/** Who sent a row, as far as `include=peer_info` tells it. */
export interface PeerNames {
  readonly name: string;
  readonly role: string | null;
}

/** What `include=peer_info` adds to a row (§15.4): the sender's name, role and card, and the files of the message. */
export function peerInfo(
  row: ActivityRow,
  peer: PeerNames | undefined,
  baseUrl: string,
): Record<string, unknown> {
  const attachments = attachmentsOf(row);
  return {
    ...(row.sourceId !== null && { agent_card_url: `${baseUrl}/registry/discover/${row.sourceId}` }),
    ...(attachments.length > 0 && { attachments }),
    ...(row.sourceId !== null && peer !== undefined && { peer_name: peer.name }),
    ...(row.sourceId !== null && peer?.role && { peer_role: peer.role }),
  };
}

function attachmentsOf(row: ActivityRow): Record<string, unknown>[] {
  if (row.method === 'chat_upload_receive' && isObject(row.requestBody)) {
    const { uri, name, mimeType } = row.requestBody;
    const kind = kindOf(String(mimeType ?? ''));
    return [{ kind, uri, name, ...(mimeType ? { mime_type: mimeType } : {}) }];
  }
  return partsOf(row.requestBody).flatMap(({ kind, file }) => {
    if (!isObject(file)) return [];
    // Only the snake_case spelling is read here: files from the canvas come without a type.
    const { uri, name, mime_type } = file;
    return [
      { kind, ...(uri ? { uri } : {}), ...(name ? { name } : {}), ...(mime_type ? { mime_type } : {}) },
    ];
  });
}

function kindOf(mimeType: string): string {
  const family = mimeType.split('/')[0] ?? '';
  return ['image', 'audio', 'video'].includes(family) ? family : 'file';
}
