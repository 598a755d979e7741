import { join } from 'node:path';
import { commonEntry, type Host } from './host.ts';

/** Any other host: `mcp.json` in the working directory, in the shape that most of them take. */
export const generic: Host = {
  id: 'generic',
  title: 'Any other host (mcp.json)',
  format: 'json',
  table: 'mcpServers',
  file: ({ workingDirectory }) => join(workingDirectory, 'mcp.json'),
  entry: commonEntry,
  hints: () => ['Its documentation says where this file belongs.'],
};
