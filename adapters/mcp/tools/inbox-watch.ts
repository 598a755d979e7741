import * as z from 'zod';
import { AgentError, type WatchingStatus } from '../../../src/domain/ports/agent.ts';
import { own } from '../frame-data.ts';
import { stated } from './arguments.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `inbox_watch`: turns the recording and the live inspector on and off. Where a recording goes is not the agent's to say. */
export const inboxWatch = defineTool({
  name: 'inbox_watch',
  title: 'Record or inspect the bridge',
  description:
    'Turns a recording of all that the bridge sees and does on or off, and a live inspector page on this machine. Use it only when your user asks to see or to record what the bridge does, for a bug report for instance. Without arguments it says what runs. Recordings are new private files in the state directory; replay them with `molecule-inbox replay FILE`.',
  input: z.object({
    record: z.boolean().optional().describe('true begins a new recording, false ends the one that runs.'),
    inspect: z.boolean().optional().describe('true serves the inspector page, false ends it.'),
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
    const { recordings, inspectorUrl, statelyUrl } = status;
    return {
      structured: {
        recordings,
        inspector_url: inspectorUrl,
        stately_url: statelyUrl,
        waiting: agent.inbox.waiting(),
      },
      text: describe(status),
    };
  },
});

function describe({ recordings, inspectorUrl, statelyUrl }: WatchingStatus): string {
  return [
    recordings.length === 0 ? 'Nothing is recorded.' : `Recording to ${recordings.join(', ')}.`,
    inspectorUrl === null
      ? 'No inspector is served.'
      : `The inspector is at ${inspectorUrl}, for Stately at ${statelyUrl}.`,
  ].join('\n');
}
