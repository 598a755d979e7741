import { json, noSuchRoute } from '../http/reply.ts';
import type { Route } from '../http/route.ts';
import type { World } from '../world/world.ts';

/** Routes that belong to nobody (§10.5, §15.1). */
export const miscRoutes: readonly Route[] = [
  { at: 'GET /health', guard: 'open', handle: () => json(200, { status: 'ok' }) },
  {
    at: 'GET /buildinfo',
    guard: 'open',
    handle: (_, world) => json(200, { git_sha: `local-${world.profile()}` }),
  },
  { at: 'GET /uploads/limits', guard: 'open', handle: (_, world) => uploadLimits(world) },
];

/** HEAD says its limits; May's server has no such route, unless its caps were raised by the operator. */
function uploadLimits(world: World) {
  const { maxFileBytes, maxRequestBytes } = world.options;
  if (!world.isHead() && maxFileBytes === undefined && maxRequestBytes === undefined) return noSuchRoute();
  const figures = world.figures();
  return json(200, {
    per_file_bytes: figures.maxFileBytes,
    per_request_bytes: figures.maxRequestBytes,
    max_attachments_per_message: 10,
  });
}
