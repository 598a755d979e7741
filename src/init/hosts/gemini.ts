import { join } from 'node:path';
import { commonEntry, envFlags, type Host, shellWords } from './host.ts';

/** Gemini CLI: among its other settings. */
export const gemini: Host = {
  id: 'gemini',
  title: 'Gemini CLI',
  format: 'json',
  table: 'mcpServers',
  file: ({ home }) => join(home, '.gemini', 'settings.json'),
  alsoIn: ({ workingDirectory }) => [join(workingDirectory, '.gemini', 'settings.json')],
  entry: commonEntry,
  command: (name, launch) =>
    `gemini mcp add --scope user${envFlags(launch, '--env')} ${name} ${shellWords(launch)}`,
  hints: () => [
    'It shows no channels; the agent looks into its inbox at the start of each turn.',
    'In a folder that it does not trust it starts no server: trust the folder when it asks, or with /permissions.',
  ],
};
