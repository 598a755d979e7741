import * as z from 'zod';
import { frameData } from '../frame-data.ts';
import { askedWorkspaceId, optionalText, stated } from './arguments.ts';
import { defineTool } from './tool.ts';

/** Delegations in whatever words their peers and the platform put it. */
const standingSchema = z.record(z.string(), z.unknown());

/** `check_task_status`: how delegations stand. */
export const checkTaskStatus = defineTool({
  name: 'check_task_status',
  title: 'See how delegations stand',
  description:
    'With task_id (a delegation_id): how that delegation stands, with its whole answer if there is one. Without: the latest delegations. Only the newest 50 are known to the platform.',
  input: z.object({
    task_id: optionalText('The delegation_id that delegate_task or delegate_task_async returned.'),
    workspace_id: optionalText('Not needed; accepted for older callers.'),
    source_workspace_id: askedWorkspaceId(),
  }),
  output: standingSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ task_id, source_workspace_id }, agent, context) {
    const standing = await agent.outbox.checkTask(
      stated({ taskId: task_id, sourceWorkspaceId: source_workspace_id }),
      context,
    );
    return {
      structured: { ...standing, waiting: agent.inbox.waiting() },
      text: JSON.stringify(frameData(standing, standingSchema), null, 2),
    };
  },
});
