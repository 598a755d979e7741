import { AgentError, type CallContext, type SendToUser, type SentToUser } from '../domain/ports/agent.ts';
import type { UploadedFile } from '../domain/ports/platform.ts';
import { frameLine } from '../domain/rendering/frame-text.ts';
import { fileIdOf } from '../domain/wire/file-parts.ts';
import { routeToUser } from '../domain/workspaces/routing.ts';
import type { Answers } from './answers.ts';
import { type OutboxDeps, type OwnWorkspace, workspaceOf } from './deps.ts';
import { perhapsDone, surelyNotDone } from './fate.ts';
import { padForSummary } from './notify-padding.ts';
import { type OpenAttachments, openAttachments } from './open-attachments.ts';
import { explainRefusal, reasonOf } from './refusal.ts';
import { repeating } from './repeat.ts';
import { storable } from './storable.ts';
import { readUploadLimits, whyTooMuch } from './upload-limits.ts';

/**
 * Writes to the user of a workspace (§5.2), files first (§7.6). All or nothing: a file that may not leave, is too large
 * or does not arrive stops the whole. Once the message itself is on its way a cancelled call no longer stops it.
 */
export async function sendToUser(
  request: SendToUser,
  call: CallContext,
  deps: OutboxDeps,
  answers: Answers,
): Promise<SentToUser> {
  if (request.message.trim() === '')
    throw new AgentError('The message is empty.', 'Say something, also with files.');
  const answer = await answers.begin(request.replyTo);
  try {
    const workspaceId = routeToUser({ workspaceId: request.workspaceId, answered: answer }, deps.workspaces);
    const workspace = workspaceOf(deps.workspaces, workspaceId);
    const uploaded = await uploadAll(request.attachments, workspace, call, deps);
    call.signal.throwIfAborted();
    await notify(request.message, uploaded, workspace, deps);
    const note = noteOn(uploaded, workspace);
    return {
      workspaceId,
      attachments: uploaded.length,
      popped: (await answer?.accepted()) ?? null,
      ...(note === null ? {} : { note }),
    };
  } finally {
    answer?.release();
  }
}

async function uploadAll(
  paths: readonly string[],
  workspace: OwnWorkspace,
  call: CallContext,
  deps: OutboxDeps,
): Promise<readonly UploadedFile[]> {
  if (paths.length === 0) return [];
  const attachments = await openAttachments(paths, workspace.id, deps.attachments);
  try {
    return await upload(attachments, workspace, call, deps);
  } catch (error) {
    throw blameFiles(error, attachments);
  } finally {
    await attachments.close();
  }
}

async function upload(
  { files }: OpenAttachments,
  workspace: OwnWorkspace,
  call: CallContext,
  { ownUploads }: OutboxDeps,
): Promise<readonly UploadedFile[]> {
  const shown = files.map(({ name, size }) => ({ name: shownName(name), size }));
  const tooMuch = whyTooMuch(shown, await readUploadLimits(workspace.platform, call.signal));
  if (tooMuch !== null) throw new AgentError(`Nothing was sent: ${tooMuch}.`, 'Send fewer or smaller files.');

  const total = files.reduce((sum, { size }) => sum + size, 0);
  const window = await ownUploads.begin(workspace.id, files);
  let uploaded: readonly UploadedFile[];
  try {
    uploaded = await workspace.platform.uploadFiles(files, call.signal, (sentBytes) => {
      call.progress?.(Math.min(sentBytes, total), total, `uploading ${files.length} file(s)`);
    });
  } catch (error) {
    await window.failed(error);
    throw error;
  }
  const ids = uploaded
    .map(({ uri }) => fileIdOf(uri, workspace.id.toLowerCase()))
    .filter((id) => id !== null);
  // A URI of another kind names no file of this feed: whose a row is that looks like ours stays open then.
  if (ids.length === files.length) await window.sent(ids);
  return uploaded;
}

/** A failed upload names its files, and the one that changed under our hands if that was the reason. */
function blameFiles(error: unknown, { files, shrunken }: OpenAttachments): unknown {
  const changed = shrunken();
  if (changed !== null) {
    return new AgentError(
      `Nothing was sent: ${shownName(changed)} became shorter while it was sent.`,
      'Wait until it is written, then try again.',
      error,
    );
  }
  const names = files.map(({ name }) => shownName(name)).join(', ');
  if (!perhapsDone(error)) return explainRefusal(error, `The message was not sent: uploading ${names}`);
  return new AgentError(
    `The message was not sent: the platform did not confirm the upload of ${names} (${reasonOf(error)}).`,
    'Nobody sees a file without its message, so that sending all of it again shows nothing twice.',
    error,
  );
}

/** Whoever made a file may have called it anything (W-57). */
function shownName(name: string): string {
  return frameLine(name, MAX_NAME_CHARS);
}

async function notify(
  message: string,
  uploaded: readonly UploadedFile[],
  { platform, rowsCarrySeq }: OwnWorkspace,
  { stopping, repeatPausesMs = DEFAULT_PAUSES_MS }: OutboxDeps,
): Promise<void> {
  const text = rowsCarrySeq() ? storable(message) : padForSummary(storable(message));
  try {
    await repeating(() => platform.notifyUser(text, uploaded, stopping), {
      mayRepeat: surelyNotDone,
      pausesMs: repeatPausesMs,
      signal: stopping,
    });
  } catch (error) {
    throw perhapsDone(error) ? unconfirmed(error) : explainRefusal(error, 'The message to the user');
  }
}

/** No server knows a repeated `notify`: whoever repeats it shows it twice. */
function unconfirmed(error: unknown): AgentError {
  return new AgentError(
    `The platform did not confirm the message to the user (${reasonOf(error)}): the user may have seen it.`,
    'chat_history shows whether it arrived. Send it again only if it did not.',
    error,
  );
}

/** What the agent should know about files that went out (W-39). */
function noteOn(uploaded: readonly UploadedFile[], { id, rowsCarrySeq }: OwnWorkspace): string | null {
  const pending = uploaded.some(({ uri }) => fileIdOf(uri, id.toLowerCase()) !== null);
  if (!pending) return null;
  return rowsCarrySeq()
    ? 'The platform keeps the files for 24 hours.'
    : 'The platform keeps the files for 24 hours; an older web page may show their names without a way to open them.';
}

const DEFAULT_PAUSES_MS = [500, 2000];
const MAX_NAME_CHARS = 100;
