import { isRecord } from './record.ts';
import { trimWhiteSpace } from './white-space.ts';

/** One workspace as configured: trimmed, not yet checked by {@link refuseImpossible}. */
export interface WorkspaceEntry {
  readonly id: string;
  /** Empty only when `tokenFile` is to be read instead. */
  readonly token: string;
  readonly tokenFile?: string;
  /** Its own platform; without one, `PLATFORM_URL`. */
  readonly platformUrl?: string;
  /** Where each value was set, for messages: `WORKSPACE_ID`, `MOLECULE_WORKSPACES[1].token`, … */
  readonly setBy: { readonly id: string; readonly token: string; readonly platformUrl: string };
}

/** What is wrong with a configuration, one clear line each; never holds a token. */
export interface WorkspaceProblem {
  readonly code:
    | 'INVALID_JSON'
    | 'NOT_NONEMPTY_ARRAY'
    | 'ENTRY_NOT_OBJECT'
    | 'ENTRY_MISSING_ID_OR_TOKEN'
    | 'ENTRY_DUPLICATE_ID'
    | 'ENTRY_NOT_TEXT'
    | 'WORKSPACE_ID_REQUIRED'
    | 'TOKEN_REQUIRED';
  readonly message: string;
  /** Which entry of the list, from 0; absent when the problem is not one entry's. */
  readonly index?: number;
  /** The JSON type found where an object was wanted. */
  readonly got?: string;
}

/** The configured workspaces in their order (the first is the primary), or every problem that was found. */
export type WorkspacesReading =
  | { readonly ok: true; readonly workspaces: readonly WorkspaceEntry[] }
  | { readonly ok: false; readonly problems: readonly WorkspaceProblem[] };

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the workspaces out of the environment (C6-1…C6-4): `MOLECULE_WORKSPACES` wins outright; without it `WORKSPACE_ID`
 * with `MOLECULE_WORKSPACE_TOKEN`, else the token file's text (null: there is no such file). Blank counts as not set.
 */
export function readWorkspaces(env: Environment, tokenFileText: string | null): WorkspacesReading {
  const list = trimWhiteSpace(env.MOLECULE_WORKSPACES ?? '');
  if (list !== '') return readWorkspaceList(list, 'MOLECULE_WORKSPACES');
  const id = trimWhiteSpace(env.WORKSPACE_ID ?? '');
  if (id === '') return failed([{ code: 'WORKSPACE_ID_REQUIRED', message: 'WORKSPACE_ID is not set' }]);
  const own = trimWhiteSpace(env.MOLECULE_WORKSPACE_TOKEN ?? '');
  const token = own || trimWhiteSpace(tokenFileText ?? '');
  if (token === '') {
    const message = 'MOLECULE_WORKSPACE_TOKEN is not set and there is no .auth_token file with a token';
    return failed([{ code: 'TOKEN_REQUIRED', message }]);
  }
  const setBy = {
    id: 'WORKSPACE_ID',
    token: own ? 'MOLECULE_WORKSPACE_TOKEN' : '.auth_token',
    platformUrl: 'PLATFORM_URL',
  };
  return { ok: true, workspaces: [{ id, token, setBy }] };
}

/** Reads a JSON list of entries; `source` names where it came from in the messages. All problems are told at once. */
export function readWorkspaceList(text: string, source: string): WorkspacesReading {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    return failed([
      { code: 'INVALID_JSON', message: `${source} is not valid JSON${whereIn(error)}; ${EXAMPLE}` },
    ]);
  }
  if (!Array.isArray(list) || list.length === 0) {
    const got = Array.isArray(list) ? 'an empty array' : typeName(list);
    const message = `${source} must be a JSON array with at least one workspace, not ${got}; ${EXAMPLE}`;
    return failed([{ code: 'NOT_NONEMPTY_ARRAY', message }]);
  }
  return readEntries(list, source);
}

function readEntries(list: readonly unknown[], source: string): WorkspacesReading {
  const workspaces: WorkspaceEntry[] = [];
  const problems: WorkspaceProblem[] = [];
  const firstIndexOf = new Map<string, number>();
  for (const [index, value] of list.entries()) {
    const where = `${source}[${index}]`;
    const entry = readEntry(value, index, where);
    if ('code' in entry) {
      problems.push(entry);
      continue;
    }
    const earlier = firstIndexOf.get(entry.id);
    if (earlier !== undefined) {
      const message = `${where} repeats the "id" of ${source}[${earlier}]`;
      problems.push({ code: 'ENTRY_DUPLICATE_ID', index, message });
      continue;
    }
    firstIndexOf.set(entry.id, index);
    workspaces.push(entry);
  }
  return problems.length > 0 ? failed(problems) : { ok: true, workspaces };
}

function readEntry(value: unknown, index: number, where: string): WorkspaceEntry | WorkspaceProblem {
  if (!isRecord(value)) {
    const got = typeName(value);
    return {
      code: 'ENTRY_NOT_OBJECT',
      index,
      got,
      message: `${where} must be an object, not ${got}; ${EXAMPLE}`,
    };
  }
  const odd = OPTIONAL.find((key) => typeof (value[key] ?? '') !== 'string');
  if (odd !== undefined) {
    const message = `${where}: "${odd}" must be text, not ${typeName(value[odd])}`;
    return { code: 'ENTRY_NOT_TEXT', index, message };
  }
  // Text only: a number or null made into text would be an id that nobody meant (W-54).
  const [id, token, tokenFile, platformUrl] = [
    value.id,
    value.token,
    ...OPTIONAL.map((key) => value[key]),
  ].map(asText);
  if (!id || (!token && !tokenFile)) {
    const message = `${where} needs an "id" and a "token", both non-blank text; ${EXAMPLE}`;
    return { code: 'ENTRY_MISSING_ID_OR_TOKEN', index, message };
  }
  return {
    id,
    token: token ?? '',
    ...(tokenFile ? { tokenFile } : {}),
    ...(platformUrl ? { platformUrl } : {}),
    setBy: {
      id: `${where}.id`,
      token: token ? `${where}.token` : `${where}.token_file`,
      platformUrl: platformUrl ? `${where}.platform_url` : 'PLATFORM_URL',
    },
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? trimWhiteSpace(value) : undefined;
}

/** The position only: the parser's own message quotes the text, and with it a token. */
function whereIn(error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  return position ? ` (at character ${Number(position[1]) + 1})` : '';
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function failed(problems: readonly WorkspaceProblem[]): WorkspacesReading {
  return { ok: false, problems };
}

const OPTIONAL = ['token_file', 'platform_url'] as const;
const EXAMPLE = 'expected for example [{"id":"6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11","token":"…"}]';
