import type { WorkspaceFacts } from '../../domain/ports/platform.ts';
import type { Attempt } from '../attempt.ts';
import { type Finding, ok, skipped, warning } from '../finding.ts';
import { judgeTrouble } from './trouble.ts';

/** What decides whether the platform sees us rightly. */
export interface PresenceCase {
  readonly workspace: Attempt<WorkspaceFacts>;
  /** How many windows run here. */
  readonly windows: number;
  /** Heartbeats are switched off. */
  readonly silent: boolean;
}

/** Whether the platform shows the agent as present when it is, and only then. */
export function judgePresence({ workspace, windows, silent }: PresenceCase): Finding {
  // What is wrong with the workspace as such, the token's check has said.
  if (!workspace.ok)
    return workspace.error.kind === 'removed'
      ? skipped(CHECK, 'there is no such workspace')
      : judgeTrouble(CHECK, workspace.error);
  const { status } = workspace.value;
  const isOnline = status === 'online';
  if (isOnline && windows > 0) return ok(CHECK, 'the platform sees the agent online');
  if (isOnline) {
    return warning(
      CHECK,
      'the platform sees the agent online, though no window runs here',
      'Another machine or another user is at work in this workspace, or a window ended within the last 90 seconds.',
    );
  }
  if (status === 'degraded' && windows > 0) {
    return warning(
      CHECK,
      'the platform shows the agent as degraded, because the agent says so',
      'Its inbox is full, its host does not read, or most of its requests of the last minute failed: inbox_status tells which.',
    );
  }
  if (windows === 0) return skipped(CHECK, `the platform says "${status}", as no window runs`);
  if (silent) return skipped(CHECK, `the platform says "${status}", as heartbeats are switched off`);
  return warning(
    CHECK,
    `the platform says "${status}", though a window runs`,
    'Heartbeats do not get through, or were sent a moment ago: the windows check tells the last error.',
  );
}

const CHECK = 'presence';
