import type { Workspace } from '../world/workspaces.ts';

/** The block that tells an operator how to connect an agent (§11.1). An empty token stands for "not shown again". */
export function connectionBlock(workspace: Workspace, baseUrl: string, authToken: string, isHead: boolean) {
  const environment = `PLATFORM_URL=${baseUrl} WORKSPACE_ID=${workspace.id} MOLECULE_WORKSPACE_TOKEN=<token>`;
  const registration = JSON.stringify({
    id: workspace.id,
    delivery_mode: 'poll',
    agent_card: { name: workspace.name },
  });
  const startBridge = `${environment} npx molecule-inbox serve`;
  return {
    workspace_id: workspace.id,
    platform_url: baseUrl,
    auth_token: authToken,
    registry_endpoint: `${baseUrl}/registry/register`,
    heartbeat_endpoint: `${baseUrl}/registry/heartbeat`,
    curl_register_template: `curl -X POST ${baseUrl}/registry/register -H 'Authorization: Bearer <token>' -d '${registration}'`,
    python_snippet: `# POST ${baseUrl}/registry/register, then GET ${baseUrl}/workspaces/${workspace.id}/activity`,
    claude_code_channel_snippet: startBridge,
    universal_mcp_snippet: startBridge,
    hermes_channel_snippet: startBridge,
    codex_snippet: startBridge,
    openclaw_snippet: startBridge,
    ...(isHead && { kimi_snippet: startBridge }),
  };
}
