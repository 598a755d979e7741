import type { PlatformAgents } from '../../adapters/platform/agents.ts';
import { createPlatform } from '../../adapters/platform/platform.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';

/** A workspace's platform for a few questions, none of which may take longer than `timeoutMs`. */
export function openPlatform(
  { id, platformUrl, credentials, orgId = '' }: WorkspaceConfig,
  {
    agents,
    logger,
    timeoutMs = TIMEOUT_MS,
  }: { readonly agents: PlatformAgents; readonly logger: Logger; readonly timeoutMs?: number },
): WorkspacePlatform {
  return createPlatform({
    baseUrl: platformUrl,
    workspaceId: id,
    credentials,
    ...(orgId === '' ? {} : { orgId }),
    agents,
    logger,
    deadlines: { presenceMs: timeoutMs, feedMs: timeoutMs, callMs: timeoutMs, openStreamMs: timeoutMs },
  });
}

/** Long enough for a slow network, short enough for a person who waits; milliseconds. */
export const TIMEOUT_MS = 10_000;
