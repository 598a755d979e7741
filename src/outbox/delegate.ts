import { randomUUID } from 'node:crypto';
import { orAborted } from '../domain/or-aborted.ts';
import {
  AgentError,
  type CallContext,
  type DelegateTask,
  type DelegationReply,
} from '../domain/ports/agent.ts';
import { frameLine } from '../domain/rendering/frame-text.ts';
import { routeToPeer } from '../domain/workspaces/routing.ts';
import type { Answer, Answers } from './answers.ts';
import { LOOK_EVERY_MS, type OutboxDeps, workspaceOf } from './deps.ts';
import { followQueue } from './follow-queue.ts';
import { deliverLate, firstWords } from './late-answer.ts';
import type { GivenTask, OpenTasks } from './open-tasks.ts';
import type { PeerSender } from './send-to-peer.ts';

/** What a delegation works with beside the outbox's own parts. */
export interface DelegationTools {
  readonly answers: Answers;
  readonly sender: PeerSender;
  readonly openTasks: OpenTasks;
}

/**
 * Sends a task to a peer and waits at most `waitMs` for its reply (§6). A queued envelope is `accepted` (W-12). When the
 * wait or the call ends first, the request lives on, and its answer, or why there is none, becomes an inbox message.
 */
export async function delegate(
  request: DelegateTask,
  call: CallContext,
  deps: OutboxDeps,
  tools: DelegationTools,
): Promise<DelegationReply> {
  if (request.task.trim() === '') throw new AgentError('The task is empty.', 'Say what the peer is to do.');
  call.signal.throwIfAborted();
  const answer = await tools.answers.begin(request.replyTo);
  let task: GivenTask;
  try {
    task = { delegationId: randomUUID(), ...(await routeTask(request, answer, deps)), task: request.task };
    const same = tools.openTasks.sameUnderWay(task);
    if (same) {
      // It answers this message too.
      void same.accepted.then(async (taken) => {
        if (taken) await answer?.accepted();
        else answer?.release();
      });
      return waiting(same);
    }
  } catch (error) {
    answer?.release();
    throw error;
  }
  const outcome = carryOut(task, answer, deps, tools);
  const accepted = outcome.then(
    () => true,
    () => false,
  );
  tools.openTasks.begin(task, accepted);
  return waitFor(outcome, request.waitMs ?? DEFAULT_WAIT_MS, call, task, deps);
}

/** Where a task goes and with whose identity; a peer may also be known by where its messages arrived. */
export async function routeTask(request: DelegateTask, answer: Answer | null, deps: OutboxDeps) {
  const { workspaceId: peerId, sourceWorkspaceId } = request;
  const named = sourceWorkspaceId !== undefined || answer !== null || deps.workspaces.length === 1;
  const arrived = named ? [] : await deps.inbox.arrivedThrough(peerId);
  const knownThrough = [...deps.peers.through(peerId), ...arrived];
  return routeToPeer({ peerId, sourceWorkspaceId, answered: answer, knownThrough }, deps.workspaces);
}

/** Everything from the send to its end, whether or not anybody still waits for it. */
async function carryOut(
  task: GivenTask,
  answer: Answer | null,
  deps: OutboxDeps,
  { sender, openTasks }: DelegationTools,
): Promise<DelegationReply> {
  const workspace = workspaceOf(deps.workspaces, task.sourceWorkspaceId);
  const takeDown = deps.tasks.begin(workspace.id, firstWords(task.task));
  try {
    const reply = await sender.send(task, task.task);
    if (reply.kind === 'failed') throw peerRefused(task.peerId, reply.reason);
    openTasks.change(task.delegationId, reply.kind);
    report(task, 'ok', deps);
    const popped = (await answer?.accepted()) ?? null;
    const { sourceWorkspaceId } = task;
    if (reply.kind === 'answered') {
      return { status: 'answered', text: reply.text || NO_WORDS, sourceWorkspaceId, popped };
    }
    if (reply.queueId === null) return { status: 'accepted', text: ACCEPTED, sourceWorkspaceId, popped };
    void follow(task, reply.queueId, deps, openTasks);
    return { status: 'accepted', text: QUEUED, sourceWorkspaceId, popped, delegationId: task.delegationId };
  } catch (error) {
    openTasks.change(task.delegationId, 'failed', error instanceof Error ? error.message : '');
    report(task, 'error', deps);
    throw error;
  } finally {
    takeDown();
    answer?.release();
  }
}

async function waitFor(
  outcome: Promise<DelegationReply>,
  waitMs: number,
  call: CallContext,
  task: GivenTask,
  deps: OutboxDeps,
): Promise<DelegationReply> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  const startedMs = deps.clock();
  const progress = setInterval(() => {
    call.progress?.(deps.clock() - startedMs, waitMs, 'waiting for the peer');
  }, PROGRESS_EVERY_MS);
  try {
    const early = await orAborted(Promise.race([outcome, timeout]), call.signal);
    if (early) return early;
    keepForLater(outcome, task, deps);
    return waiting(task);
  } catch (error) {
    if (call.signal.aborted) keepForLater(outcome, task, deps);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(progress);
  }
}

/** Nobody waits any more: what comes is told by a message, unless the peer will send one itself. */
function keepForLater(outcome: Promise<DelegationReply>, task: GivenTask, deps: OutboxDeps): void {
  void outcome.then(
    async ({ status, text }) => {
      if (status === 'answered') await deliverLate(task, { kind: 'answered', text }, deps);
    },
    async (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown trouble';
      if (!deps.stopping.aborted) await deliverLate(task, { kind: 'failed', reason }, deps);
      else deps.logger.warn(`delegation ${task.delegationId} was still unanswered at the end`);
    },
  );
}

async function follow(
  task: GivenTask,
  queueId: string,
  deps: OutboxDeps,
  openTasks: OpenTasks,
): Promise<void> {
  const workspace = workspaceOf(deps.workspaces, task.sourceWorkspaceId);
  const takeDown = deps.tasks.begin(workspace.id, firstWords(task.task));
  openTasks.change(task.delegationId, 'queued');
  try {
    const item = { peerId: task.peerId, queueId };
    const reply = await followQueue(workspace, item, deps.lookEveryMs ?? LOOK_EVERY_MS, deps.stopping);
    openTasks.change(task.delegationId, reply.kind, reply.kind === 'failed' ? reply.reason : '');
    if (reply.kind !== 'accepted') await deliverLate(task, reply, deps);
  } catch {
    deps.logger.warn(`delegation ${task.delegationId} was still in a busy peer's queue at the end`);
  } finally {
    takeDown();
  }
}

/** Tells the canvas about the send, beside everything else and whatever comes of it; never as an `a2a_receive` (W-10, W-67). */
function report(
  { sourceWorkspaceId, peerId, task }: GivenTask,
  status: 'ok' | 'error',
  deps: OutboxDeps,
): void {
  const { platform } = workspaceOf(deps.workspaces, sourceWorkspaceId);
  const activity = {
    activityType: 'a2a_send',
    method: 'message/send',
    summary: firstWords(task),
    targetId: peerId,
    status,
    requestBody: { task: task.slice(0, 4096) },
  };
  platform.reportActivity(activity, deps.stopping).catch((error: unknown) => {
    deps.logger.info(
      `a delegation could not be reported: ${error instanceof Error ? error.message : 'unknown trouble'}`,
    );
  });
}

function waiting({ delegationId, sourceWorkspaceId }: GivenTask): DelegationReply {
  return { status: 'waiting', text: WAITING, sourceWorkspaceId, popped: null, delegationId };
}

function peerRefused(peerId: string, reason: string): AgentError {
  return new AgentError(
    `Peer ${peerId} refused: ${frameLine(reason, MAX_REASON_CHARS)}`,
    'Change the request, try another peer, do it yourself, or tell the user.',
  );
}

const DEFAULT_WAIT_MS = 55_000;
const MAX_REASON_CHARS = 2_000;
const PROGRESS_EVERY_MS = 10_000;

const NO_WORDS = '(the peer answered without a word)';
const ACCEPTED = 'Accepted: the peer fetches its messages by itself; its answer will arrive as a message.';
const QUEUED =
  'Accepted: the peer is busy, the platform keeps the task; the answer will arrive as a message.';
const WAITING = 'Sent, still waiting: the answer will arrive as a message. Do not send it again.';
