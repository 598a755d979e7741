import * as z from 'zod';
import { HOW_TO_BE_HEARD } from '../../../src/domain/inbox/deafness.ts';
import type { BridgeStatus, WorkspaceStatus } from '../../../src/domain/ports/agent.ts';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';
import { own } from '../frame-data.ts';
import { describeEnding } from './inbox-watch.ts';
import { defineTool } from './tool.ts';

const workspaceSchema = z.object({
  workspaceId: z.string(),
  platformUrl: z.string(),
  phase: z.string().describe('registering, online, backing off, revoked, removed, standing by …'),
  delivery: z.enum(['delivering', 'standby']).describe('Whether this window delivers, or another one.'),
  deliveredBy: z
    .object({ pid: z.number(), phase: z.string() })
    .optional()
    .describe('The other window that delivers it.'),
  online: z.boolean(),
  lastPollAt: z.string().nullable(),
  lastHeartbeatAt: z.string().nullable(),
  waiting: z.number(),
  oldestAt: z.string().nullable(),
  offered: z.number().describe('How many of the waiting were shown and not taken.'),
  lastReadAt: z.string().nullable().describe('When an agent last read messages in the window that delivers.'),
  attention: z.string().nullable().describe('What should be looked at though nothing fails.'),
  unread: z
    .number()
    .nullable()
    .describe('Rows that the platform still keeps for this inbox; null where that is not known.'),
  held: z.number().describe('Messages that still wait for their files.'),
  filesPending: z.number(),
  unreadableRows: z.number(),
  lastError: z.string().nullable(),
  features: z.array(z.string()).readonly().describe('What its server can do beyond that of May 2026.'),
});

/** `inbox_status`: what is connected, what waits, what is wrong. */
export const inboxStatus = defineTool({
  name: 'inbox_status',
  title: 'Inbox status',
  description:
    'Says per workspace whether it is connected, when it was last asked for messages, how many wait here and on the platform, which window delivers, the last error, and whether the host seems not to show what it is handed. Call it when messages are expected and none come.',
  input: z.object({}),
  output: z.object({
    waiting: z.number(),
    oldestAt: z.string().nullable(),
    workspaces: z.array(workspaceSchema).readonly(),
    recordingsEnded: z
      .array(z.object({ path: own('A path.'), reason: z.string() }))
      .readonly()
      .optional()
      .describe('Recordings that have ended by themselves.'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call(_args, agent) {
    const status = await agent.inbox.status();
    const disabled = agent.inbox.disabledReason;
    const recordingsEnded = agent.watching?.ended() ?? [];
    const lines = [
      ...(disabled === null ? [totals(status)] : [`There is no inbox: ${disabled}`]),
      ...status.workspaces.map(describeWorkspace),
      ...(status.workspaces.some(({ attention }) => attention !== null) ? [HOW_TO_BE_HEARD] : []),
      ...recordingsEnded.map(describeEnding),
    ];
    return {
      structured: { ...status, ...(recordingsEnded.length === 0 ? {} : { recordingsEnded }) },
      text: lines.join('\n'),
    };
  },
});

function totals({ waiting, oldestAt }: BridgeStatus): string {
  return waiting === 0
    ? 'Nothing waits.'
    : `${waiting} waiting, the oldest since ${oldestAt ?? 'an unknown time'}.`;
}

function describeWorkspace(workspace: WorkspaceStatus): string {
  const facts = [
    workspace.phase,
    ...(workspace.online ? [] : ['the platform does not see it online']),
    workspace.delivery === 'delivering' ? 'delivered here' : deliveredElsewhere(workspace),
    `last poll ${workspace.lastPollAt ?? 'never'}`,
    `${workspace.waiting} waiting`,
    ...counted(workspace.offered, 'shown and not taken'),
    ...counted(workspace.held, 'waiting for files'),
    ...counted(workspace.filesPending, 'files pending'),
    ...counted(workspace.unreadableRows, 'rows unreadable'),
    ...counted(workspace.unread ?? 0, 'more rows on the platform'),
    ...(workspace.attention === null ? [] : [`attention: ${workspace.attention}`]),
    ...(workspace.features.length === 0 ? [] : [`its server offers ${workspace.features.join(', ')}`]),
    ...(workspace.lastError === null ? [] : [`last error: ${frameLine(workspace.lastError, 500)}`]),
  ];
  return `- ${workspace.workspaceId}: ${facts.join(', ')}`;
}

function deliveredElsewhere({ deliveredBy }: WorkspaceStatus): string {
  return deliveredBy === undefined
    ? 'not delivered here'
    : `delivered by another window, process ${deliveredBy.pid}, ${deliveredBy.phase} (inbox_claim moves it here)`;
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}
