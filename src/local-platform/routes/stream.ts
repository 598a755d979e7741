import { noSuchRoute, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { encodeJson } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { World } from '../world/world.ts';

/** The wake-up stream (§12.1). */
export const streamRoutes: readonly Route[] = [
  { at: 'GET /workspaces/:id/events/stream', guard: 'workspace', handle: openStream },
];

/** One comment, then events as they come: no ids, no replay, no keep-alive. */
function openStream(call: Call, world: World): Reply {
  if (world.streamFaults.mode === 'absent') return noSuchRoute();
  const workspaceId = call.params.id ?? '';
  if (parseUuid(workspaceId) === undefined) refuse(500, 'failed to verify workspace');
  if (!world.workspaces.has(workspaceId)) refuse(404, 'workspace not found');
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
    body: {
      kind: 'stream',
      start(stream) {
        const write = world.streamFaults.wrap(stream);
        write(': ping\n\n');
        const stop = world.wakeUps.listen(workspaceId, (event) => write(`data: ${encodeJson(event)}\n\n`));
        stream.onClose(stop);
      },
    },
  };
}
