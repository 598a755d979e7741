import type { AgentCard } from '../ports/platform.ts';
import { trimWhiteSpace } from '../white-space.ts';

/** What the user configured about the agent, as text; blank counts as not configured. */
export interface AgentCardSettings {
  /** `MOLECULE_AGENT_NAME`; default `molecule-mcp-<first 8 characters of the workspace id>`. */
  readonly name?: string | undefined;
  /** `MOLECULE_AGENT_DESCRIPTION`; left out by default. */
  readonly description?: string | undefined;
  /** `MOLECULE_AGENT_SKILLS`: names separated by commas; blank ones are dropped, repeated ones kept. */
  readonly skills?: string | undefined;
}

/** The card with which a workspace registers (§3.1): how others find the agent. */
export function agentCard(workspaceId: string, settings: AgentCardSettings): AgentCard {
  const name = trimWhiteSpace(settings.name ?? '');
  const description = trimWhiteSpace(settings.description ?? '');
  const skills = (settings.skills ?? '').split(',').map(trimWhiteSpace);
  return {
    name: name || `molecule-mcp-${[...workspaceId].slice(0, 8).join('')}`,
    skills: skills.filter((skill) => skill !== '').map((skill) => ({ name: skill })),
    ...(description ? { description } : {}),
  };
}
