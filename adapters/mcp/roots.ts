import { fileURLToPath } from 'node:url';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Notification, Request } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '../../src/domain/ports/runtime.ts';

/** The folders that the agent works in as its host tells them (MCP roots), local paths; null when it does not tell any. */
export type OfferedRoots = () => Promise<readonly string[] | null>;

/** Asks the host each time, since its roots change. One that offers roots and then does not tell them has none. */
export function createOfferedRoots(server: Server<Request, Notification>, logger: Logger): OfferedRoots {
  return async () => {
    if (!server.getClientCapabilities()?.roots) return null;
    try {
      const { roots } = await server.listRoots(undefined, { timeout: ANSWER_WITHIN_MS });
      return roots.flatMap(({ uri }) => localPath(uri));
    } catch (error) {
      logger.warn(`the host offers roots and does not tell them: ${String(error)}`);
      return [];
    }
  };
}

/** Nothing for what is no folder of this machine. */
function localPath(uri: string): readonly string[] {
  try {
    return [fileURLToPath(uri)];
  } catch {
    return [];
  }
}

const ANSWER_WITHIN_MS = 3_000;
