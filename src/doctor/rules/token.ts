import { isRecord } from '../../domain/record.ts';
import { type Finding, failed, ok } from '../finding.ts';
import type { AccessFacts } from '../probes/access.ts';
import { judgeTrouble } from './trouble.ts';

/**
 * Whether the platform accepts the token. It answers 401 for a wrong token, a removed workspace and an unknown one alike
 * (§2.2); what it says about the workspace tells them apart. `setBy` is where the token was set.
 */
export function judgeToken({ feed, workspace }: AccessFacts, setBy: string): Finding {
  if (feed.ok) return ok(CHECK, `accepted (${setBy})`);
  if (feed.error.kind !== 'unauthorised') return judgeTrouble(CHECK, feed.error);
  if (!workspace.ok && workspace.error.kind === 'removed') {
    const { body, status } = workspace.error;
    if (status === 404) {
      return failed(
        CHECK,
        'auth',
        'the platform knows no workspace of this id',
        'Compare id and platform with the canvas: workspace, Settings.',
      );
    }
    const at = isRecord(body) && typeof body.removed_at === 'string' ? ` at ${body.removed_at}` : '';
    return failed(
      CHECK,
      'auth',
      `the workspace was removed from the platform${at}`,
      'Configure another one; `molecule-inbox forget` removes what is kept of this one.',
    );
  }
  return failed(
    CHECK,
    'auth',
    `the platform does not accept the token (${setBy}): ${feed.error.detail || feed.error.status}`,
    'Make a new one in the canvas (workspace, Tokens) and set it there, or run `molecule-inbox init`.',
  );
}

const CHECK = 'token';
