import { AgentError } from '../domain/ports/agent.ts';
import type { Answered } from '../domain/workspaces/routing.ts';
import type { AnswerableInbox } from './deps.ts';

/** Messages that are being answered: one answer at a time each, and popped only when it was accepted. */
export interface Answers {
  /**
   * Reserves the message that `reply_to` names; null without one. Refused when no such message waits (it was answered
   * before, perhaps by a call whose result got lost) or when an answer to it is on its way.
   */
  begin(replyTo: string | undefined): Promise<Answer | null>;
}

/** A reserved message: whichever of its two functions comes first ends the reservation. */
export interface Answer extends Answered {
  /** The answer was accepted: pops the message. Resolves with its id, or null when it could not be popped. Never rejects. */
  accepted(): Promise<string | null>;
  /** The answer was not accepted: the message waits on. */
  release(): void;
}

/** Makes the desk at which answers begin. */
export function createAnswers(inbox: AnswerableInbox, warn: (line: string) => void): Answers {
  const busy = new Set<string>();

  return {
    async begin(replyTo) {
      const activityId = replyTo?.trim() ?? '';
      if (activityId === '') return null;
      if (busy.has(activityId)) {
        throw new AgentError(
          `An answer to message ${activityId} is already on its way.`,
          'Do not answer it again; it leaves the inbox when that answer is accepted.',
        );
      }
      busy.add(activityId);
      let reserved = true;
      const release = () => {
        if (reserved) busy.delete(activityId);
        reserved = false;
      };
      try {
        const found = await inbox.find(activityId);
        if (!found) throw notWaiting(activityId);
        return { ...found, release, accepted: () => pop(found).finally(release) };
      } catch (error) {
        release();
        throw error;
      }
    },
  };

  /** The answer is out: a message that cannot be popped must not make it look as if it had failed. */
  async function pop({ workspaceId, message }: Answered): Promise<string | null> {
    try {
      const popped = await inbox.popAnswered(workspaceId, message.activity_id);
      return popped ? message.activity_id : null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown trouble';
      warn(`message ${message.activity_id} was answered but could not be popped: ${reason}`);
      return null;
    }
  }
}

function notWaiting(activityId: string): AgentError {
  return new AgentError(
    `No message ${JSON.stringify(activityId.slice(0, 80))} waits: it may have been answered or popped already.`,
    'inbox_peek shows what waits. To send this all the same, leave out reply_to and name the workspace or peer.',
  );
}
