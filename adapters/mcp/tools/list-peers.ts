import * as z from 'zod';
import { shownIdentity } from '../../../src/domain/identity.ts';
import type { Peer, PeerList } from '../../../src/domain/ports/agent.ts';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';
import { askedWorkspaceId } from './arguments.ts';
import { failureLines, failuresSchema } from './failures.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

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
  input: z.object({ source_workspace_id: askedWorkspaceId() }),
  output: z.object({
    peers: z.array(peerSchema).readonly(),
    failures: failuresSchema,
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ source_workspace_id }, agent, context) {
    const { peers, failures } = await agent.directory.listPeers(source_workspace_id, context);
    const list = { peers: peers.map(neutralise), failures };
    const several = agent.workspaces.length > 1;
    return { structured: { ...list, waiting: agent.inbox.waiting() }, text: describeList(list, several) };
  },
});

function describeList({ peers, failures }: PeerList, several: boolean): string {
  const lines = [...peers.map((peer) => describePeer(peer, several)), ...failureLines(failures)];
  if (peers.length === 0 && failures.length === 0)
    return 'No peers: this workspace has no parent, children or siblings.';
  return peers.length === 0 ? ['No peers found.', ...lines].join('\n') : lines.join('\n');
}

/** Whoever registered chose these words: nothing in them may pass for more than a word. */
function neutralise({ id, name, role, status, via }: Peer): Peer {
  return {
    id: frameLine(id, 100),
    name: shownIdentity(name) ?? '',
    role: shownIdentity(role) ?? '',
    status: shownIdentity(status) ?? 'unknown',
    via,
  };
}

function describePeer({ id, name, role, status, via }: Peer, several: boolean): string {
  const facts = [
    `ID: ${id}`,
    `status: ${status}`,
    ...(role === '' ? [] : [`role: ${role}`]),
    ...(several ? [`via: ${via}`] : []),
  ];
  return `- ${name || '(no name)'} (${facts.join(', ')})`;
}
