import { randomUUID } from 'node:crypto';
import type { InboxMessage } from '../domain/message.ts';
import type { PeerReply } from '../domain/wire/peer-reply.ts';
import type { OutboxDeps } from './deps.ts';
import type { GivenTask } from './open-tasks.ts';

/** A reply that ends a task: there is something to tell. */
export type FinalReply = Extract<PeerReply, { kind: 'answered' | 'failed' }>;

/**
 * The answer to a task whose call has returned, as an inbox message of kind `delegation_result`, like those that the
 * platform itself pushes (§8.4): nobody replies to it by mistake. A failure carries its reason in `error_detail`.
 */
export function lateAnswer(
  { delegationId, peerId, task }: GivenTask,
  reply: FinalReply,
  atMs: number,
): InboxMessage {
  const message = {
    activity_id: randomUUID(),
    peer_id: '',
    kind: 'delegation_result',
    method: 'delegate_result',
    created_at: new Date(atMs).toISOString(),
    delegation_id: delegationId,
  } as const;
  if (reply.kind === 'answered') return { ...message, text: reply.text };
  const about = JSON.stringify(firstWords(task));
  return {
    ...message,
    text: `Peer ${peerId} did not answer the task ${about}: ${reply.reason}`,
    error_detail: reply.reason,
  };
}

/** Puts a late answer into the inbox of the workspace that asked. Never rejects: what cannot be kept is told on stderr. */
export async function deliverLate(task: GivenTask, reply: FinalReply, deps: OutboxDeps): Promise<void> {
  try {
    await deps.inbox.deliverLateAnswer(task.sourceWorkspaceId, lateAnswer(task, reply, deps.clock()));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown trouble';
    deps.logger.error(`the answer to delegation ${task.delegationId} could not be kept: ${reason}`);
  }
}

/** The beginning of a task on one line, for a title or a reminder. */
export function firstWords(task: string): string {
  const line = task.trim().replace(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
