import * as z from 'zod';
import type { WorkspaceFailure } from '../../../src/domain/ports/agent.ts';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';

/** Workspaces that an answer about several had to do without, as `WorkspaceFailure` of `src/domain/ports/agent.ts`. */
export const failuresSchema = z.array(z.object({ workspaceId: z.string(), reason: z.string() })).readonly();

/** The same in the text: one line each. */
export function failureLines(failures: readonly WorkspaceFailure[]): string[] {
  return failures.map(
    ({ workspaceId, reason }) => `[${workspaceId}] could not be asked: ${frameLine(reason, 500)}`,
  );
}
