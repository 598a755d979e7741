import type { RowDraft } from '../src/local-platform/rules/activity-row.ts';

/** A canvas user's message as the platform writes it. */
export function draftOf(text: string): RowDraft {
  return {
    activityType: 'a2a_receive',
    method: 'message/send',
    status: 'ok',
    requestBody: {
      jsonrpc: '2.0',
      method: 'message/send',
      params: { message: { role: 'user', parts: [{ kind: 'text', text }] } },
    },
  };
}
