import type { Urgency } from '../../domain/network/request-budget.ts';
import type { Heartbeat, WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { RequestBudget } from './request-budget.ts';

/**
 * A platform whose every request waits for its turn in the budget that its workspace shares. Reads of the feed are
 * traffic after a wake-up, and else idle. Once a wake-up stream answers, the last heartbeat is repeated while there is
 * room: it makes the frame that tells whether a proxy lets frames through.
 */
export function pacePlatform(
  platform: WorkspacePlatform,
  workspaceId: string,
  budget: RequestBudget,
): WorkspacePlatform {
  let woken = false;
  let lastBeat: Heartbeat | null = null;

  function probe(signal: AbortSignal): void {
    const beat = lastBeat;
    if (beat === null || budget.tight()) return;
    // The regular heartbeat tells of failures.
    inTurn('heartbeat', signal, () => platform.heartbeat(beat, signal)).catch(() => {});
  }

  async function inTurn<Result>(
    urgency: Urgency,
    signal: AbortSignal,
    ask: () => Promise<Result>,
  ): Promise<Result> {
    await budget.turn(workspaceId, urgency, signal);
    try {
      return await ask();
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
    readActivity(query, signal) {
      const urgency = woken ? 'traffic' : 'idle';
      woken = false;
      return inTurn(urgency, signal, () => platform.readActivity(query, signal));
    },
    describe: (signal) => inTurn('idle', signal, () => platform.describe(signal)),
    async *wakeUps(signal) {
      await budget.turn(workspaceId, 'idle', signal);
      let answered = false;
      try {
        for await (const frame of platform.wakeUps(signal)) {
          if (!answered) budget.ended(workspaceId);
          answered = true;
          if (frame.type === 'open') probe(signal);
          if (frame.type !== 'open' && frame.type !== 'WORKSPACE_HEARTBEAT') woken = true;
          yield frame;
        }
      } finally {
        if (!answered) budget.ended(workspaceId);
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
    call: (request, signal) => inTurn('traffic', signal, () => platform.call(request, signal)),
    close: () => platform.close(),
  };
}
