import { isWorthAPoll } from '../../../streams/wake-ups.ts';
import type { Urgency } from '../../domain/network/request-budget.ts';
import type { Heartbeat, OnFrame, WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';
import type { RequestBudget } from './request-budget.ts';

/**
 * A platform whose every request waits for its turn in the budget that its workspace shares.
 *
 * A read of the feed is traffic for a while after a wake-up, also one that waits already; until the first one has
 * succeeded, at the start and after a refused credential, it opens the workspace; else it is idle. Once a wake-up stream
 * answers, the last heartbeat is repeated while there is room: it makes the frame that tells whether a proxy lets frames
 * through.
 */
export function pacePlatform(
  platform: WorkspacePlatform,
  workspaceId: string,
  budget: RequestBudget,
  clock: Clock = () => performance.now(),
): WorkspacePlatform {
  let wokenMs = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  let lastBeat: Heartbeat | null = null;

  function probe(signal: AbortSignal): void {
    const beat = lastBeat;
    if (beat === null || budget.tight()) return;
    // The regular heartbeat tells of failures.
    inTurn('heartbeat', signal, () => platform.heartbeat(beat, signal)).catch(() => {});
  }

  function urgencyOfReading(): Urgency {
    if (clock() - wokenMs < READS_FOLLOW_A_WAKE_UP_MS) return 'traffic';
    return isOpen ? 'idle' : 'opening';
  }

  async function inTurn<Result>(
    urgency: Urgency,
    signal: AbortSignal,
    ask: () => Promise<Result>,
  ): Promise<Result> {
    await budget.turn(workspaceId, urgency, signal);
    try {
      return await ask();
    } catch (error) {
      if (error instanceof PlatformError && error.kind === 'unauthorised') isOpen = false;
      throw error;
    } finally {
      budget.ended(workspaceId);
    }
  }

  return {
    register: (card, signal) => inTurn('start', signal, () => platform.register(card, signal)),
    heartbeat(beat, signal) {
      lastBeat = beat;
      return inTurn('heartbeat', signal, () => platform.heartbeat(beat, signal));
    },
    async readActivity(query, signal) {
      const page = await inTurn(urgencyOfReading(), signal, () => platform.readActivity(query, signal));
      isOpen = true;
      return page;
    },
    describe: (signal) => inTurn('opening', signal, () => platform.describe(signal)),
    async wakeUps(onFrame, signal) {
      await budget.turn(workspaceId, 'opening', signal);
      let answered = false;
      const hear: OnFrame = (frame) => {
        if (!answered) budget.ended(workspaceId);
        answered = true;
        if (frame.type === 'open') probe(signal);
        if (isWorthAPoll(frame)) {
          wokenMs = clock();
          budget.hurry(workspaceId);
        }
        onFrame(frame);
      };
      try {
        await platform.wakeUps(hear, signal);
      } finally {
        if (!answered) budget.ended(workspaceId);
        budget.missingRoutes.forget();
      }
    },
    openUpload: (fileId, signal, announcedType) =>
      inTurn('traffic', signal, () => platform.openUpload(fileId, signal, announcedType)),
    acknowledgeUpload: (fileId, signal) =>
      inTurn('traffic', signal, () => platform.acknowledgeUpload(fileId, signal)),
    notifyUser: (message, attachments, signal) =>
      inTurn('traffic', signal, () => platform.notifyUser(message, attachments, signal)),
    uploadFiles: (files, signal, onProgress) =>
      inTurn('traffic', signal, () => platform.uploadFiles(files, signal, onProgress)),
    sendToPeer: (peerId, message, signal) =>
      inTurn('traffic', signal, () => platform.sendToPeer(peerId, message, signal)),
    reportActivity: (report, signal) =>
      inTurn('traffic', signal, () => platform.reportActivity(report, signal)),
    call(request, signal) {
      const urgency = request.canWait ? 'idle' : isOpen ? 'traffic' : 'opening';
      const send = () => inTurn(urgency, signal, () => platform.call(request, signal));
      return budget.tight() ? budget.missingRoutes.ask(workspaceId, request, send) : send();
    },
    close: () => platform.close(),
  };
}

/** The read at once, and the one 1–2 s later for what is committed late (§13, race 3). */
const READS_FOLLOW_A_WAKE_UP_MS = 4_000;
