import type { AgentPort } from '../../../src/domain/ports/agent.ts';

/** What a tool adds where it says that an answer will come as a message, and no message comes here. Blank with an inbox. */
export function unheardNote({ inbox }: AgentPort): string {
  return inbox.disabledReason === null
    ? ''
    : 'But this session has no inbox: only one that has shows what comes. Do not wait for it here.';
}
