import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  AgentError,
  type AsyncDelegation,
  type CallContext,
  type DelegateTask,
} from '../domain/ports/agent.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { Answers } from './answers.ts';
import { routeTask } from './delegate.ts';
import type { DelegationFollower } from './delegation-follower.ts';
import { type OutboxDeps, workspaceOf } from './deps.ts';
import { perhapsDone, surelyNotDone } from './fate.ts';
import { explainRefusal, reasonOf } from './refusal.ts';
import { repeating } from './repeat.ts';
import { storable } from './storable.ts';

/**
 * Hands a task to the platform, which delivers it and keeps its state (§8.1). The key that comes with it makes every
 * repeat safe, here and by the agent: the platform answers with the delegation it has (W-59); `again` asks for a new one.
 * The answer becomes an inbox message, whoever brings it. That it was taken says nothing about the peer: reach and budget are judged later, so `check_task_status` tells.
 */
export async function delegateAsync(
  request: DelegateTask,
  call: CallContext,
  deps: OutboxDeps,
  answers: Answers,
  follower: DelegationFollower,
): Promise<AsyncDelegation> {
  const task = storable(request.task);
  if (task.trim() === '') throw new AgentError('The task is empty.', 'Say what the peer is to do.');
  const answer = await answers.begin(request.replyTo);
  try {
    const { peerId, sourceWorkspaceId } = await routeTask(request, answer, deps);
    const { platform } = workspaceOf(deps.workspaces, sourceWorkspaceId);
    const words = [sourceWorkspaceId, peerId, task];
    if (answer) words.push(answer.message.activity_id);
    if (request.again) words.push(randomUUID());
    const json = { target_id: peerId, task, idempotency_key: keyOf(words) };
    const path = `/workspaces/${sourceWorkspaceId}/delegate`;
    const taken = await repeating(
      async () => readTaken((await platform.call({ method: 'POST', path, json }, call.signal)).body),
      {
        mayRepeat: (error) => surelyNotDone(error) || perhapsDone(error),
        pausesMs: deps.repeatPausesMs ?? DEFAULT_PAUSES_MS,
        signal: call.signal,
      },
    );
    const { delegationId } = taken;
    follower.follow({ delegationId, peerId, sourceWorkspaceId, task });
    return { ...taken, sourceWorkspaceId, popped: (await answer?.accepted()) ?? null };
  } catch (error) {
    throw perhapsDone(error) ? unconfirmed(error, request) : explainRefusal(error, 'The delegation');
  } finally {
    answer?.release();
  }
}

/** The platform gave no answer to any of the repeats. */
function unconfirmed(error: unknown, { again }: DelegateTask): AgentError {
  return new AgentError(
    `No reply came back (${reasonOf(error)}): the platform may have taken the task.`,
    again
      ? 'check_task_status without a task_id shows whether it did. Call again only if it did not.'
      : 'Call delegate_task_async again with the very same words: they count as one task.',
    error,
  );
}

function readTaken(body: unknown): Pick<AsyncDelegation, 'delegationId' | 'status' | 'repeated'> {
  const taken = takenSchema.safeParse(body);
  if (!taken.success)
    throw new PlatformError('malformed', 'the platform took the delegation without naming it');
  const { delegation_id, status, idempotent_hit } = taken.data;
  return { delegationId: delegation_id, status, repeated: idempotent_hit };
}

/** The reference's key (first 32 hex digits of SHA-256 over `source:target:task`), with what else makes a task another one. */
function keyOf(words: readonly string[]): string {
  return createHash('sha256').update(words.join(':'), 'utf8').digest('hex').slice(0, 32);
}

const takenSchema = z.object({
  delegation_id: z.string().min(1),
  status: z.string().catch('delegated'),
  idempotent_hit: z.boolean().catch(false),
});

const DEFAULT_PAUSES_MS = [500, 2000];
