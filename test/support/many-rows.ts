import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { envelope } from './rows.ts';

/** Writes so many messages of the user into a feed, `message 0` first, waking nobody. Resolves when all can be read. */
export async function writeManyRows(
  platform: Pick<LocalPlatform, 'writeRow'>,
  workspaceId: string,
  count: number,
  text = (number: number) => `message ${number}`,
): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const draft = {
      activityType: 'a2a_receive',
      method: 'message/send',
      targetId: workspaceId,
      summary: 'message/send',
      requestBody: envelope([{ kind: 'text', text: text(number) }]),
    };
    await platform.writeRow(workspaceId, draft, { quietly: true });
  }
}
