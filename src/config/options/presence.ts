import { flag, number, text } from '../option.ts';

/** Who the agent is, and how it is kept present. */
export const presenceOptions = {
  agentName: text({
    variable: 'MOLECULE_AGENT_NAME',
    example: 'laptop',
    about: "The agent card's name; without it `molecule-mcp-` and the start of the workspace id.",
  }),
  agentDescription: text({
    variable: 'MOLECULE_AGENT_DESCRIPTION',
    aliases: ['MOLECULE_AGENT_DESC'],
    example: 'Answers questions about the code',
    about: "The agent card's description.",
  }),
  agentSkills: text({
    variable: 'MOLECULE_AGENT_SKILLS',
    example: 'research,code-review',
    about: "The agent card's skills, separated by commas.",
  }),
  heartbeatSecs: number({
    variable: 'MOLECULE_HEARTBEAT_SECS',
    fallback: 20,
    min: 0.05,
    max: 70,
    about: 'Seconds between heartbeats.',
  }),
  disableHeartbeat: flag({
    variable: 'MOLECULE_MCP_DISABLE_HEARTBEAT',
    about: 'No registration and no heartbeats.',
  }),
} as const;
