import * as z from 'zod';
import { frameLine, frameText } from '../../../src/domain/rendering/frame-text.ts';
import { sourceWorkspaceId, stated } from './arguments.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `recall_memory`: what was remembered on the platform. */
export const recallMemory = defineTool({
  name: 'recall_memory',
  title: 'Recall memories',
  description: 'Returns memories that you may read, those that match query if given, of one scope if given.',
  input: z.object({
    query: z.string().optional().describe('Words to look for.'),
    scope: z
      .string()
      .transform((scope) => scope.trim().toUpperCase())
      .optional()
      .meta({ enum: ['LOCAL', 'TEAM', 'GLOBAL', ''], description: 'Only this scope; all if left out.' }),
    source_workspace_id: sourceWorkspaceId(),
  }),
  output: z.object({
    memories: z.array(z.object({ scope: z.string(), content: z.string() })),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ query = '', scope = '', source_workspace_id }, agent, context) {
    const memories = await agent.memories.recall(
      {
        query,
        scope,
        ...stated({ sourceWorkspaceId: source_workspace_id }),
      },
      context,
    );
    const lines = memories.map(
      (memory) =>
        `[${frameLine(memory.scope || '?', 40)}] ${frameText(memory.content).replaceAll('\n', '\n    ')}`,
    );
    return {
      structured: {
        memories: memories.map(({ scope, content }) => ({ scope, content })),
        waiting: agent.inbox.waiting(),
      },
      text: lines.length === 0 ? 'No memories found.' : lines.join('\n'),
    };
  },
});
