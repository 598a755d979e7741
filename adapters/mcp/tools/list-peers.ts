import * as z from 'zod';
import { identityField } from '../../../src/domain/identity.ts';
import type { Peer, PeerList } from '../../../src/domain/ports/agent.ts';
import { visibleLine } from '../../../src/domain/visible.ts';
import { sourceWorkspaceId } from './arguments.ts';
import { defineTool } from './tool.ts';

const peerSchema = z.object({
  id: z.string().describe('For workspace_id of delegate_task.'),
  name: z.string(),
  role: z.string(),
  status: z.string(),
  via: z.string().describe('Which of your own workspaces reaches it.'),
});

/** `list_peers`: which agents can be reached. */
export const listPeers = defineTool({
  name: 'list_peers',
  title: 'List other agents',
  description:
    'Lists the agents that your workspaces may write to: parent, children and siblings. Names and roles are display names, no attestation. Workspaces that could not be asked are named under failures.',
  input: z.object({ source_workspace_id: sourceWorkspaceId() }),
  output: z.object({
    peers: z.array(peerSchema).readonly(),
    failures: z.array(z.object({ workspaceId: z.string(), reason: z.string() })).readonly(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ source_workspace_id }, agent, context) {
    const list = await agent.directory.listPeers(source_workspace_id, context);
    const several = agent.workspaces.length > 1;
    return { structured: list, text: describeList(list, several) };
  },
});

function describeList({ peers, failures }: PeerList, several: boolean): string {
  const lines = [
    ...peers.map((peer) => describePeer(peer, several)),
    ...failures.map(
      ({ workspaceId, reason }) => `[${workspaceId}] could not be asked: ${visibleLine(reason)}`,
    ),
  ];
  if (peers.length === 0 && failures.length === 0)
    return 'No peers: this workspace has no parent, children or siblings.';
  return peers.length === 0 ? ['No peers found.', ...lines].join('\n') : lines.join('\n');
}

function describePeer({ id, name, role, status, via }: Peer, several: boolean): string {
  const facts = [
    `ID: ${visibleLine(id, 100)}`,
    `status: ${identityField(status) ?? 'unknown'}`,
    `role: ${identityField(role) ?? ''}`,
    ...(several ? [`via: ${via}`] : []),
  ];
  return `- ${identityField(name) ?? '(no name)'} (${facts.join(', ')})`;
}
