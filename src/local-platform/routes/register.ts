import * as z from 'zod';
import { requireOwnToken } from '../http/guards.ts';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { reconcileCard } from '../rules/agent-card.ts';
import { decodeBody, goRaw, goText } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import { newInboundSecret, newWorkspace, type Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

/** Registration (§3.1, §3.4, §15.11). */
export const registerRoutes: readonly Route[] = [
  { at: 'POST /registry/register', guard: 'open', handle: register },
  { at: 'POST /registry/update-card', guard: 'open', handle: updateCard },
];

const registration = z.object({
  id: goText,
  agent_card: goRaw,
  url: goText,
  delivery_mode: goText,
  kind: z.unknown().optional(),
});

/** An unknown id makes a new workspace without any authentication. */
async function register(call: Call, world: World) {
  const body = decodeBody(registration, (await call.readBody()).text);
  if (body === undefined || body.id === '' || body.agent_card === undefined)
    refuse(400, 'invalid request body');
  if (!['', 'push', 'poll'].includes(body.delivery_mode))
    refuse(400, "delivery_mode must be 'push' or 'poll'");
  requireOwnToken(call, body.id, world);
  const id = parseUuid(body.id);
  if (id === undefined) refuse(500, 'registration failed');

  const known = world.workspaces.get(id);
  const deliveryMode =
    body.delivery_mode === 'poll' ? 'poll' : body.delivery_mode || known?.deliveryMode || 'push';
  if (known !== undefined) known.registerRefusedMs = world.clock.nowMs();
  if (world.isHead()) checkKind(body.kind);
  if (deliveryMode === 'push' && body.url === '') refuse(400, 'url is required for push-mode workspaces');

  const workspace = known ?? createBare(id, world);
  workspace.registerRefusedMs = null;
  if (workspace.status !== 'removed') {
    workspace.status = 'online';
    workspace.deliveryMode = deliveryMode === 'poll' ? 'poll' : 'push';
    workspace.agentCard =
      world.isHead() && known !== undefined ? reconcileCard(body.agent_card, known) : body.agent_card;
    workspace.lastHeartbeatMicros = world.clock.nowMicros();
    if (!workspace.url.startsWith('http://127.0.0.1')) workspace.url = body.url;
    world.wakeUps.raise(id, 'WORKSPACE_ONLINE', { url: workspace.url, agent_card: workspace.agentCard });
  }
  // A removed workspace gets a token too: one that can never validate.
  const authToken = world.tokens.of(id).length === 0 ? world.tokens.issue(id) : undefined;
  return json(200, {
    status: 'registered',
    delivery_mode: deliveryMode,
    platform_inbound_secret: workspace.inboundSecret,
    ...(authToken !== undefined && { auth_token: authToken }),
  });
}

function createBare(id: string, world: World): Workspace {
  const runtime = world.isHead() ? 'hermes' : 'langgraph';
  const workspace = newWorkspace({ id, name: id, runtime, inboundSecret: newInboundSecret() });
  world.workspaces.set(id, workspace);
  return workspace;
}

function checkKind(kind: unknown): void {
  if (kind === 'platform')
    refuse(403, "kind='platform' may only be assigned by the platform-agent install path");
  if (kind !== undefined && kind !== '' && kind !== 'workspace') {
    refuse(400, "kind must be 'workspace' or 'platform'");
  }
}

const cardUpdate = z.object({ workspace_id: goText, agent_card: goRaw });

/** The card is stored as it comes. */
async function updateCard(call: Call, world: World) {
  const body = decodeBody(cardUpdate, (await call.readBody()).text);
  if (body === undefined || body.workspace_id === '' || body.agent_card === undefined) {
    refuse(400, 'invalid request body');
  }
  requireOwnToken(call, body.workspace_id, world);
  const id = parseUuid(body.workspace_id);
  if (id === undefined) refuse(500, 'failed to update card');
  const workspace = world.workspaces.get(id);
  if (workspace !== undefined) {
    workspace.agentCard = body.agent_card;
    world.wakeUps.raise(id, 'AGENT_CARD_UPDATED', { agent_card: body.agent_card });
  }
  return json(200, { status: 'updated' });
}
