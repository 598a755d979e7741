import { describe, expect, it } from 'vitest';
import type { UploadCommand } from '../../src/domain/files/upload-decide.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { createOwnUploads } from '../../src/outbox/own-uploads.ts';

/** Own uploads over a log that remembers what it was told. */
function open() {
  const recorded: (UploadCommand & { readonly workspaceId: string })[] = [];
  const uploads = createOwnUploads(async (workspaceId, command) => {
    recorded.push({ workspaceId, ...command });
  });
  return { uploads, recorded };
}

const FILES = [{ name: '../ä plan.txt', size: 3 }];

describe('own uploads (W-39)', () => {
  it('has the intention in the log before anything leaves, under the names that the rows will have', async () => {
    const { uploads, recorded } = open();
    await uploads.begin('w1', FILES);
    expect(recorded).toMatchObject([
      { workspaceId: 'w1', type: 'noteSending', files: [{ name: '__plan.txt', size: 3 }] },
    ]);
  });

  it('lets nothing leave when the log cannot take the intention', async () => {
    const uploads = createOwnUploads(async () => {
      throw new Error('disk full');
    });
    await expect(uploads.begin('w1', FILES)).rejects.toThrow('disk full');
  });

  it('closes the intention with the ids that the platform gave', async () => {
    const { uploads, recorded } = open();
    const window = await uploads.begin('w1', FILES);
    await window.sent(['f1']);
    const [sending, sent] = recorded;
    expect(sent).toMatchObject({ type: 'noteSent', fileIds: ['f1'] });
    expect(sent && 'sendingId' in sent && sent.sendingId).toBe(
      sending && 'sendingId' in sending && sending.sendingId,
    );
  });

  it.each([
    ['a reply that got lost', new PlatformError('unavailable', 'the connection broke (ECONNRESET)'), 1],
    ['a call that was given up', new PlatformError('aborted', 'given up'), 1],
    ['nobody there', new PlatformError('unavailable', 'nobody listens there (ECONNREFUSED)'), 2],
    ['a refusal', new PlatformError('refused', 'malformed multipart body', { status: 400 }), 2],
  ])('after %s', async (_, error, commands) => {
    const { uploads, recorded } = open();
    await (await uploads.begin('w1', FILES)).failed(error);
    expect(recorded).toHaveLength(commands);
  });
});
