import { join } from 'node:path';
import { commonEntry, envFlags, type Host, shellWords } from './host.ts';

/** Claude Code: user scope in `~/.claude.json`; a project may name us in its `.mcp.json`. */
export const claudeCode: Host = {
  id: 'claude-code',
  title: 'Claude Code',
  format: 'json',
  table: 'mcpServers',
  file: ({ home, env }) => join(env.CLAUDE_CONFIG_DIR || home, '.claude.json'),
  alsoIn: ({ workingDirectory }) => [join(workingDirectory, '.mcp.json')],
  pluginsIn: ({ home, workingDirectory, env }) => [
    join(env.CLAUDE_CONFIG_DIR || join(home, '.claude'), 'settings.json'),
    join(workingDirectory, '.claude', 'settings.json'),
    join(workingDirectory, '.claude', 'settings.local.json'),
  ],
  entry: (launch) => ({ type: 'stdio', ...commonEntry(launch) }),
  command: (name, launch) =>
    `claude mcp add ${name} --scope user${envFlags(launch, '--env')} -- ${shellWords(launch)}`,
  hints: (name) => [
    'Without channels: start `claude`; the agent looks into its inbox at the start of each turn.',
    `With channels: start \`claude --dangerously-load-development-channels server:${name}\`; messages then appear by themselves.`,
    'If the start screen says that channels are not available, nothing is lost: the first way goes on working.',
  ],
};
