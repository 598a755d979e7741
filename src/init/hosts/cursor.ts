import { join } from 'node:path';
import { commonEntry, type Host } from './host.ts';

/** Cursor: for all projects in the home directory, for one in its `.cursor`. */
export const cursor: Host = {
  id: 'cursor',
  title: 'Cursor',
  format: 'json',
  table: 'mcpServers',
  file: ({ home }) => join(home, '.cursor', 'mcp.json'),
  alsoIn: ({ workingDirectory }) => [join(workingDirectory, '.cursor', 'mcp.json')],
  entry: commonEntry,
  hints: () => ['Then switch the server on under Settings, MCP.'],
};
