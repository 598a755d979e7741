import type { PlatformAgents } from '../../adapters/platform/agents.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import { type Finding, ok } from '../doctor/finding.ts';
import { openPlatform } from '../doctor/open-platform.ts';
import { askAccess } from '../doctor/probes/access.ts';
import { askHealth } from '../doctor/probes/health.ts';
import { judgeHealth } from '../doctor/rules/health.ts';
import { judgeToken } from '../doctor/rules/token.ts';
import type { Logger } from '../domain/ports/runtime.ts';

/**
 * Asks the platform whether it would take a workspace's token, without registering: an ok finding, or the first thing that
 * is wrong. `setBy` is where the person gave the token.
 */
export async function checkWorkspace(
  workspace: WorkspaceConfig,
  setBy: string,
  parts: { readonly agents: PlatformAgents; readonly logger: Logger },
): Promise<Finding> {
  const platform = openPlatform(workspace, parts);
  const { signal } = new AbortController();
  try {
    const health = judgeHealth(await askHealth(platform, signal), null);
    if (health.status === 'failed') return health;
    const access = await askAccess(platform, signal, Date.now);
    const token = judgeToken(access, setBy);
    if (token.status !== 'ok') return token;
    const name = access.workspace.ok ? access.workspace.value.name : '';
    return ok(token.check, `the platform accepts the token${name === '' ? '' : ` for "${name}"`}`);
  } finally {
    platform.close();
  }
}
