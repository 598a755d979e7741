import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { tools } from './registry.ts';
import type { Tool } from './tool.ts';

let listed: ListedTool[] | undefined;

/** The answer to `tools/list`, built once, when first asked for: JSON schemas cost time that start-up need not spend. */
export function listTools(): ListedTool[] {
  listed ??= tools.map(describeTool);
  return listed;
}

function describeTool({ name, title, description, input, output, annotations }: Tool): ListedTool {
  return {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    outputSchema: jsonSchema(output, 'output'),
    annotations: { title, ...annotations },
  };
}

/** Draft 7 without `$schema`, which every host's validator reads, and open to fields that later versions add. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): ListedTool['inputSchema'] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-7',
    override: ({ jsonSchema: node }) => {
      delete node.additionalProperties;
    },
  });
  return rest as ListedTool['inputSchema'];
}
