import * as z from 'zod';
import { visibleText } from '../../../src/domain/rendering/visible.ts';
import { sourceWorkspaceId } from './arguments.ts';
import { defineTool } from './tool.ts';

/** `get_workspace_info`: the own workspace as the platform describes it. */
export const getWorkspaceInfo = defineTool({
  name: 'get_workspace_info',
  title: 'Describe my workspace',
  description: 'Returns what the platform knows of your own workspace: name, role, status, parent and so on.',
  input: z.object({ source_workspace_id: sourceWorkspaceId() }),
  output: z.record(z.string(), z.unknown()),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ source_workspace_id }, agent, context) {
    const described = await agent.directory.describeWorkspace(source_workspace_id, context);
    return {
      structured: { ...described, waiting: agent.inbox.waiting() },
      text: visibleText(JSON.stringify(described, null, 2)),
    };
  },
});
