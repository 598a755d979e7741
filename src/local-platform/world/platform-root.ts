import { randomUUID } from 'node:crypto';
import { newInboundSecret, newWorkspace, type Workspaces } from './workspaces.ts';

/**
 * What each start of HEAD's server does: seeds the platform's own root where it is missing and moves every other
 * root under it (§15.6). Without a container engine it never gets beyond `failed`.
 *
 * @returns the root's id.
 */
export function installPlatformRoot(workspaces: Workspaces): string {
  const root =
    [...workspaces.values()].find((workspace) => workspace.kind === 'platform') ??
    newWorkspace({
      id: randomUUID(),
      name: 'Org Concierge',
      inboundSecret: newInboundSecret(),
      kind: 'platform',
      runtime: 'hermes',
      status: 'failed',
      tier: 0,
      broadcastEnabled: true,
      lastSampleError: 'there is no container engine to run the concierge',
    });
  for (const workspace of workspaces.values()) {
    if (workspace.parentId === null && workspace !== root) workspace.parentId = root.id;
  }
  workspaces.set(root.id, root);
  return root.id;
}
