import { AgentError, type AgentPort, type InboxPort } from '../../../src/domain/ports/agent.ts';

/** The inbox, or a refusal that says why there is none (C1-32). */
export function requireInbox(agent: AgentPort): InboxPort {
  const reason = agent.inbox.disabledReason;
  if (reason === null) return agent.inbox;
  throw new AgentError(
    `There is no inbox: ${reason}`,
    'Messages do not arrive here; sending still works. Tell the user if messages are expected.',
  );
}
