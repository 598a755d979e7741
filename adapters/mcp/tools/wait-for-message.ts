import * as z from 'zod';
import { renderForReading } from '../../../src/domain/rendering/render.ts';
import { lenientNumber } from './arguments.ts';
import { messageFields } from './message-schema.ts';
import { requireInbox } from './require-inbox.ts';
import { defineTool, type ToolContext } from './tool.ts';

/** `wait_for_message`: the oldest waiting message, at once or when one comes. Never removes it. */
export const waitForMessage = defineTool({
  name: 'wait_for_message',
  title: 'Wait for a message',
  description:
    'Returns the oldest waiting message, at once if there is one, else as soon as one arrives; {timeout: true, timeout_secs} when none came in time. Does not remove it: call inbox_pop when you have dealt with it. Other calls go on meanwhile.',
  input: z.object({
    timeout_secs: lenientNumber(
      'number',
      'How long to wait, in seconds; 0 only looks. At most 55 at a time.',
    ),
  }),
  output: z
    .object({
      ...messageFields,
      timeout: z.literal(true).describe('None came.'),
      timeout_secs: z.number().describe('How long this call waited at most.'),
      requested: z.number().describe('The wait asked for, when it was longer than one call may last.'),
    })
    .partial(),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call({ timeout_secs }, agent, context) {
    const inbox = requireInbox(agent);
    const longest = context.progress ? context.limits.maxWaitWithProgressSecs : context.limits.maxWaitSecs;
    const asked = timeout_secs === undefined ? context.limits.maxWaitSecs : Math.max(0, timeout_secs);
    const waitSecs = Math.min(asked, longest);
    const stopReporting = reportWaiting(context, waitSecs);
    try {
      const message = await inbox.wait(waitSecs * 1000, context.signal);
      if (message !== null) return { structured: { ...message }, text: renderForReading(message) };
    } finally {
      stopReporting();
    }
    return {
      structured: {
        timeout: true as const,
        timeout_secs: waitSecs,
        ...(asked > waitSecs ? { requested: asked } : {}),
      },
      text: `No message came within ${waitSecs} s${asked > waitSecs ? ` (${asked} s asked, one call waits at most ${waitSecs} s)` : ''}.`,
    };
  },
});

/** Tells a host that asked for progress that the wait goes on; returns what ends it. */
function reportWaiting({ progress, limits }: ToolContext, waitSecs: number): () => void {
  if (progress === undefined) return () => {};
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const elapsedSecs = Math.min(waitSecs, Math.round((performance.now() - startedAt) / 100) / 10);
    progress(elapsedSecs, waitSecs, 'waiting for a message');
  }, limits.progressEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
