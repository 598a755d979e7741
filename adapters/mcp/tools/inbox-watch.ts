import * as z from 'zod';
import { AgentError, type EndedRecording, type WatchingStatus } from '../../../src/domain/ports/agent.ts';
import { own } from '../frame-data.ts';
import { stated } from './arguments.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/**
 * `inbox_watch`: turns recordings and the live inspector on and off. Where a recording goes is not the agent's to say, and
 * what the user has started by hand is not the agent's to end.
 */
export const inboxWatch = defineTool({
  name: 'inbox_watch',
  title: 'Record or inspect the bridge',
  description:
    'Turns a recording of all that the bridge sees and does on or off, and a live inspector page on this machine. Use it only when your user asks to see or to record what the bridge does, for a bug report for instance. Without arguments it says what runs. Recordings are new private files in the state directory; replay them with `molecule-inbox replay FILE`. What your user has started with --record or --inspect goes on whatever you ask.',
  input: z.object({
    record: z.boolean().optional().describe('true begins a new recording, false ends what was begun here.'),
    inspect: z
      .boolean()
      .optional()
      .describe('true serves the inspector page, false ends what was begun here.'),
    with_text: z
      .boolean()
      .default(false)
      .describe('Whether message text is in what is begun. Left out by default.'),
  }),
  output: z.object({
    recordings: z
      .array(own('A path.'))
      .readonly()
      .describe('Files that are being written, one per workspace.'),
    user_recording: own('The file of your user’s own --record, which only your user ends.').nullable(),
    ended: z
      .array(z.object({ path: own('A path.'), reason: z.string() }))
      .readonly()
      .describe('Recordings that have ended by themselves; what is in them stays of use.'),
    inspector_url: z.string().nullable().describe('For the user’s browser on this machine.'),
    stately_url: z.string().nullable().describe('The same in Stately’s inspector.'),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async call({ record, inspect, with_text: withText }, agent) {
    if (!agent.watching)
      throw new AgentError(
        'nothing can be watched here',
        'Start molecule-inbox as an MCP server of its own.',
      );
    const status = await agent.watching.change({ ...stated({ record, inspect }), withText });
    const { recordings, userRecording, ended, inspectorUrl, statelyUrl } = status;
    return {
      structured: {
        recordings,
        user_recording: userRecording,
        ended,
        inspector_url: inspectorUrl,
        stately_url: statelyUrl,
        waiting: agent.inbox.waiting(),
      },
      text: describe(status),
    };
  },
});

function describe(status: WatchingStatus): string {
  const { recordings, userRecording, ended, inspectorUrl, statelyUrl, isUsersInspector } = status;
  return [
    ...(recordings.length > 0 ? [`Recording to ${recordings.join(', ')}.`] : []),
    ...(recordings.length === 0 && userRecording === null ? ['Nothing is recorded.'] : []),
    ...(userRecording === null
      ? []
      : [`Your user records to ${userRecording} (--record); only your user ends that.`]),
    ...ended.map(describeEnding),
    inspectorUrl === null
      ? 'No inspector is served.'
      : `The inspector is at ${inspectorUrl}, for Stately at ${statelyUrl}.`,
    ...(isUsersInspector
      ? ['It is your user’s own (--inspect), as your user has set it; only your user ends it.']
      : []),
  ].join('\n');
}

/** A recording that has ended by itself, for whoever may miss what came after. */
export function describeEnding({ path, reason }: EndedRecording): string {
  return `The recording ${path} has ended by itself: ${reason}. What was seen until then is in it.`;
}
