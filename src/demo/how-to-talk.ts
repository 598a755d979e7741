import { canvasUrl } from '../canvas/route.ts';
import type { LocalPlatform } from '../local-platform/local-platform.ts';

/** What to type in another terminal to write to the demo's agent. The admin token is this platform's own and dies with it. */
export function howToTalk(platform: Pick<LocalPlatform, 'url' | 'adminToken'>, workspaceId: string): string {
  const at = `${platform.url}/workspaces/${workspaceId}`;
  const as = `-H 'Authorization: Bearer ${platform.adminToken}'`;
  return `
The agent goes on answering. Write to it in a browser:

  ${canvasUrl(platform)}

or from another terminal:

  curl -s ${as} ${at}/a2a \\
    -d '{"method":"message/send","params":{"message":{"parts":[{"kind":"text","text":"hello"}]}}}'

Drop a file on it (the next message shows it):

  curl -s ${as} ${at}/chat/uploads -F files=@README.md

Read its answers:

  curl -s ${as} '${at}/activity?limit=5'

Ctrl-C ends everything.
`;
}
