import * as z from 'zod';

/** The first line of a recording. */
export const recordingHead = z.looseObject({
  type: z.literal('recording.started'),
  v: z.literal(1),
  at: z.iso.datetime(),
  /** Whether message text was left out. */
  redacted: z.boolean(),
});

/** Every other line: a frame, `n` being its place. Its data is trusted as far as whoever shows it needs. */
export const recordedFrame = z.looseObject({
  n: z.number().int(),
  type: z.enum([
    'ledger.opened',
    'row.served',
    'reply.received',
    'event.appended',
    'machine.moved',
    'frames.dropped',
  ]),
  at: z.iso.datetime(),
  workspaceId: z.string(),
  data: z.looseObject({}),
});
