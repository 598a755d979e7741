import * as z from 'zod';
import { lookAround } from '../../../adapters/delivery-lock/look-around.ts';
import { workspaceFolderName } from '../../../adapters/state-directory/state-directory.ts';

/** The windows of this user that have joined a workspace, and how it stands in the one that delivers it. */
export interface WindowFacts {
  readonly windows: number;
  /** Null when none runs, or it did not answer. */
  readonly delivering: DeliveringWindow | null;
}

/** A workspace as the window that delivers it sees it. */
export type DeliveringWindow = z.infer<typeof answer>['result'];

/** Looks which bridges run for a workspace and asks the one that delivers. */
export async function lookAtWindows(
  runTimeFolder: string,
  workspace: { readonly id: string; readonly platformUrl: string },
  timeoutMs: number,
): Promise<WindowFacts> {
  const key = workspaceFolderName(workspace);
  const { windows, reply } = await lookAround({ folder: runTimeFolder, key }, { do: 'status' }, timeoutMs);
  return { windows, delivering: answer.safeParse(reply).data?.result ?? null };
}

const answer = z.object({
  result: z.object({
    pid: z.number(),
    status: z.object({
      phase: z.string(),
      online: z.boolean(),
      lastPollAt: z.string().nullable(),
      lastError: z.string().nullable(),
      lastReadAt: z.string().nullable().catch(null),
    }),
  }),
});
