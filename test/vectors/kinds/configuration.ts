import * as z from 'zod';
import { agentCard } from '../../../src/domain/wire/agent-card.ts';
import { pollTimeoutSecs } from '../../../src/domain/workspaces/poll-timeout.ts';
import { readWorkspaces } from '../../../src/domain/workspaces/workspaces-env.ts';
import { vectorKind } from '../kind.ts';

const environment = z.record(z.string(), z.string());

/** The configured workspaces, or what is wrong with them. */
export const workspacesEnvKind = vectorKind({
  input: z.object({ env: environment, token_file: z.string().nullable() }),
  answer: ({ env, token_file }) => {
    const reading = readWorkspaces(env, token_file);
    if (reading.ok) return { workspaces: reading.workspaces.map(({ id, token }) => ({ id, token })) };
    return { errors: reading.problems.map(({ code, message: _, ...rest }) => ({ class: code, ...rest })) };
  },
  translate: withJsonTypeNames,
  differences: [
    {
      reason: 'an id or a token that is no text is refused, never made into text (W-54)',
      applies: ({ env }) =>
        entriesOf(env).some((entry) => [entry.id, entry.token].some(isNeitherTextNorAbsent)),
      promises: (answer) =>
        Boolean(answer.errors?.some((error) => error.class === 'ENTRY_MISSING_ID_OR_TOKEN')),
    },
    {
      reason: 'token_file and platform_url of an entry are read, not ignored (W-53)',
      applies: ({ env }) => entriesOf(env).some((entry) => 'token_file' in entry || 'platform_url' in entry),
      promises: (answer) =>
        answer.workspaces !== undefined || answer.errors.some((error) => error.class === 'ENTRY_NOT_TEXT'),
    },
    {
      reason: 'NaN and Infinity are not JSON',
      applies: ({ env }) => /\b(?:NaN|Infinity)\b/.test(env.MOLECULE_WORKSPACES ?? ''),
      promises: (answer) => answer.errors?.[0]?.class === 'INVALID_JSON',
    },
  ],
});

/** The agent card of one workspace. */
export const agentCardKind = vectorKind({
  input: z.object({ env: environment, workspace_id: z.string() }),
  answer: ({ env, workspace_id }) =>
    agentCard(workspace_id, {
      name: env.MOLECULE_AGENT_NAME,
      description: env.MOLECULE_AGENT_DESCRIPTION,
      skills: env.MOLECULE_AGENT_SKILLS,
    }),
});

/** The seconds that the instructions name; null for a variable that is not set. */
export const pollTimeoutKind = vectorKind({
  input: z.string().nullable(),
  answer: (setting) => pollTimeoutSecs(setting ?? undefined),
  differences: [
    {
      reason: 'a number is written in ASCII digits',
      applies: (setting) => /[^\P{Nd}0-9]/u.test(setting ?? ''),
      promises: (answer) => answer === 2,
    },
  ],
});

/** Python's names of JSON's types, at every `got`: int and float are one type in JSON. */
function withJsonTypeNames(expected: unknown): unknown {
  return JSON.parse(JSON.stringify(expected), (key, value) =>
    key === 'got' ? (PYTHON_TYPES.get(value) ?? value) : value,
  );
}

function entriesOf(env: z.output<typeof environment>): readonly Readonly<Record<string, unknown>>[] {
  try {
    const entry = z.record(z.string(), z.unknown()).catch({});
    return z
      .array(entry)
      .catch([])
      .parse(JSON.parse(env.MOLECULE_WORKSPACES ?? ''));
  } catch {
    return [];
  }
}

function isNeitherTextNorAbsent(value: unknown): boolean {
  return value !== undefined && typeof value !== 'string';
}

const PYTHON_TYPES = new Map([
  ['NoneType', 'null'],
  ['int', 'number'],
  ['float', 'number'],
  ['bool', 'boolean'],
  ['str', 'string'],
  ['list', 'array'],
  ['dict', 'object'],
]);
