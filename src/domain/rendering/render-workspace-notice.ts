import { NOTICE_MARK } from './frame-text.ts';
import type { ChannelNotification } from './render.ts';

/** What can happen to a workspace that only the user can mend. */
export type WorkspaceLoss = 'token.refused' | 'workspace.removed';

/** What a host is told, once, when a workspace has stopped to bring messages: which, why, and what to do (§13, rule 5). */
export function renderWorkspaceNotice(workspaceId: string, loss: WorkspaceLoss): ChannelNotification {
  return {
    content: `${NOTICE_MARK}\nWorkspace ${workspaceId}: ${WORDS[loss]} Messages that wait stay readable with inbox_peek; other workspaces go on. inbox_status says how it stands.`,
    meta: { source: 'molecule', kind: 'workspace_notice', reason: loss, workspace_id: workspaceId },
  };
}

const WORDS: Readonly<Record<WorkspaceLoss, string>> = {
  'token.refused':
    'the platform refuses its token, so nothing new arrives and nothing can be sent. Tell the user: a new token is in the canvas (Tokens); put into the token file it is taken up by itself, put into the configuration it needs a restart.',
  'workspace.removed':
    'it was removed from the platform, so nothing new arrives and nothing can be sent. Tell the user; if that was intended, it can be taken out of the configuration.',
};
