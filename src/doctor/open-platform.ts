import type { PlatformAgents } from '../../adapters/platform/agents.ts';
import { createPlatform } from '../../adapters/platform/platform.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';

/** A workspace's platform for a few questions, none of which may take longer than {@link TIMEOUT_MS}. */
export function openPlatform(
  { id, platformUrl, credentials, orgId = '' }: WorkspaceConfig,
  parts: { readonly agents: PlatformAgents; readonly logger: Logger },
): WorkspacePlatform {
  return createPlatform({
    baseUrl: platformUrl,
    workspaceId: id,
    credentials,
    ...(orgId === '' ? {} : { orgId }),
    ...parts,
    deadlines: { presenceMs: TIMEOUT_MS, feedMs: TIMEOUT_MS, callMs: TIMEOUT_MS, openStreamMs: TIMEOUT_MS },
  });
}

/** The longest that one question may take, milliseconds. */
export const TIMEOUT_MS = 10_000;
