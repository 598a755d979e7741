import * as z from 'zod';

/** The first line of a recording. */
export const recordingHead = z.looseObject({
  type: z.literal('recording.started'),
  v: z.literal(1),
  at: z.iso.datetime(),
  /** Whether message text was left out. */
  redacted: z.boolean(),
  /** What the bridge was told to wait for, as far as it shows in an inbox. */
  rules: z
    .looseObject({
      uploadDeadlineSecs: z.number(),
      uploadNoticeSecs: z.number(),
      cursorLagSecs: z.number(),
    })
    .default({ uploadDeadlineSecs: 30, uploadNoticeSecs: 60, cursorLagSecs: 30 }),
});

/** The deadlines that a recorded bridge kept. */
export type RecordedRules = Readonly<z.infer<typeof recordingHead>['rules']>;

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
