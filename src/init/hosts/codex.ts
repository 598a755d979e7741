import { join } from 'node:path';
import { commonEntry, envFlags, type Host, shellWords } from './host.ts';

/** Codex: its command line, editor extension and desktop app share one file. */
export const codex: Host = {
  id: 'codex',
  title: 'Codex',
  format: 'toml',
  table: 'mcp_servers',
  file: ({ home, env }) => join(env.CODEX_HOME || join(home, '.codex'), 'config.toml'),
  alsoIn: ({ workingDirectory }) => [join(workingDirectory, '.codex', 'config.toml')],
  entry: commonEntry,
  command: (name, launch) => `codex mcp add ${name}${envFlags(launch, '--env')} -- ${shellWords(launch)}`,
  hints: () => ['It shows no channels; the agent looks into its inbox at the start of each turn.'],
};
