import * as z from 'zod';
import { visibleText } from '../../../src/domain/rendering/visible.ts';
import { optionalText, sourceWorkspaceId, stated } from './arguments.ts';
import { defineTool } from './tool.ts';

/** `check_task_status`: how delegations stand. */
export const checkTaskStatus = defineTool({
  name: 'check_task_status',
  title: 'See how delegations stand',
  description:
    'With task_id (a delegation_id): how that delegation stands, with its whole answer if there is one. Without: the latest delegations. Only the newest 50 are known to the platform.',
  input: z.object({
    task_id: optionalText('The delegation_id that delegate_task or delegate_task_async returned.'),
    workspace_id: optionalText('Not needed; accepted for older callers.'),
    source_workspace_id: sourceWorkspaceId(),
  }),
  output: z.record(z.string(), z.unknown()),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ task_id, source_workspace_id }, agent, context) {
    const standing = await agent.outbox.checkTask(
      {
        ...stated({ taskId: task_id, sourceWorkspaceId: source_workspace_id }),
      },
      context,
    );
    return {
      structured: { ...standing, waiting: agent.inbox.waiting() },
      text: visibleText(JSON.stringify(standing, null, 2)),
    };
  },
});
