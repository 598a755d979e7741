import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { json, refuse } from '../../http/reply.ts';
import type { Call, Route } from '../../http/route.ts';
import { decodeBody, goText } from '../../rules/go-json.ts';
import { formatMicros } from '../../rules/timestamps.ts';
import type { UserTask } from '../../world/requests.ts';
import type { World } from '../../world/world.ts';

/** What an agent wants its person to do (§15.1). */
export const userTaskRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/user-tasks', guard: 'workspace', only: 'head', handle: create },
  { at: 'GET /workspaces/:id/user-tasks', guard: 'workspace', only: 'head', handle: list },
];

const draft = z.object({ title: goText, detail: z.string().nullish() });

async function create(call: Call, world: World) {
  const body = decodeBody(draft, (await call.readBody()).text);
  if (body === undefined || body.title === '') refuse(400, 'invalid request body');
  const task: UserTask = {
    id: randomUUID(),
    workspaceId: call.params.id ?? '',
    title: body.title,
    detail: body.detail ?? null,
    createdAtMicros: world.clock.nowMicros(),
  };
  world.userTasks.set(task.id, task);
  world.wakeUps.raise(task.workspaceId, 'USER_TASK_CREATED', { user_task_id: task.id, title: task.title });
  return json(201, { user_task_id: task.id, status: 'pending' });
}

function list(call: Call, world: World) {
  const tasks = [...world.userTasks.values()].filter(({ workspaceId }) => workspaceId === call.params.id);
  return json(200, tasks.reverse().map(show));
}

const show = (task: UserTask) => ({
  id: task.id,
  title: task.title,
  detail: task.detail,
  status: 'pending',
  created_at: formatMicros(task.createdAtMicros),
  resolved_at: null,
  resolved_by: null,
});
