import { join } from 'node:path';
import { commonEntry, type Host, type HostPlaces } from './host.ts';

/** Visual Studio Code: the user's `mcp.json`, whose table is called `servers`; a project has `.vscode/mcp.json`. */
export const vscode: Host = {
  id: 'vscode',
  title: 'VS Code',
  format: 'json',
  table: 'servers',
  file: (places) => join(userFolder(places), 'mcp.json'),
  alsoIn: ({ workingDirectory }) => [join(workingDirectory, '.vscode', 'mcp.json')],
  entry: (launch) => ({ type: 'stdio', ...commonEntry(launch) }),
  hints: () => ['Then run "MCP: List Servers" and start it; its tools are there in agent mode.'],
};

function userFolder({ home, env, platform }: HostPlaces): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Code', 'User');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Code', 'User');
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'Code', 'User');
}
