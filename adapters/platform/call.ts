import * as z from 'zod';
import type { PlatformCall, PlatformReply } from '../../src/domain/ports/platform.ts';
import { ask, type Connection } from './ask.ts';

/** Any other JSON call of this workspace; an empty body is null. */
export async function call(
  connection: Connection,
  request: PlatformCall,
  signal: AbortSignal,
): Promise<PlatformReply> {
  const { method, path, query = {}, json, identify } = request;
  const { status, value } = await ask(
    connection,
    {
      method,
      path,
      query,
      json,
      headers: identify ? { 'x-workspace-id': connection.workspaceId } : {},
      lane: 'calls',
      deadlineMs: connection.deadlines.callMs,
    },
    z.unknown(),
    signal,
  );
  return { status, body: value };
}
