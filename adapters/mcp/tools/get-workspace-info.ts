import * as z from 'zod';
import { frameData } from '../frame-data.ts';
import { askedWorkspaceId } from './arguments.ts';
import { defineTool } from './tool.ts';

/** As the platform describes it, whatever it adds. */
const describedSchema = z.record(z.string(), z.unknown());

/** `get_workspace_info`: the own workspace as the platform describes it. */
export const getWorkspaceInfo = defineTool({
  name: 'get_workspace_info',
  title: 'Describe my workspace',
  description: 'Returns what the platform knows of your own workspace: name, role, status, parent and so on.',
  input: z.object({ source_workspace_id: askedWorkspaceId() }),
  output: describedSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ source_workspace_id }, agent, context) {
    const described = await agent.directory.describeWorkspace(source_workspace_id, context);
    return {
      structured: { ...described, waiting: agent.inbox.waiting() },
      text: JSON.stringify(frameData(described, describedSchema), null, 2),
    };
  },
});
