import { isRecord } from '../record.ts';
import { trimWhiteSpace } from '../white-space.ts';
import {
  oneProblem,
  type WorkspaceEntry,
  type WorkspaceProblem,
  type WorkspacesReading,
} from './workspace-entry.ts';

/** Reads a JSON list of entries; `source` names where it came from in the messages. All problems are told at once. */
export function readWorkspaceList(text: string, source: string): WorkspacesReading {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    const message = `${source} is not valid JSON${whereIn(error)}; ${EXAMPLE}`;
    return oneProblem({ code: 'INVALID_JSON', message });
  }
  return readWorkspaceArray(list, source);
}

/** Reads a list that has been parsed already. */
export function readWorkspaceArray(list: unknown, source: string): WorkspacesReading {
  if (!Array.isArray(list) || list.length === 0) {
    const got = Array.isArray(list) ? 'an empty array' : typeName(list);
    const message = `${source} must be a JSON array with at least one workspace, not ${got}; ${EXAMPLE}`;
    return oneProblem({ code: 'NOT_NONEMPTY_ARRAY', message });
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
      const message = `${where} repeats the "id" of ${source}[${earlier}]; each workspace stands there once; ${EXAMPLE}`;
      problems.push({ code: 'ENTRY_DUPLICATE_ID', index, message });
      continue;
    }
    firstIndexOf.set(entry.id, index);
    workspaces.push(entry);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, workspaces };
}

function readEntry(value: unknown, index: number, where: string): WorkspaceEntry | WorkspaceProblem {
  if (!isRecord(value)) {
    const got = typeName(value);
    const message = `${where} must be an object, not ${got}; ${EXAMPLE}`;
    return { code: 'ENTRY_NOT_OBJECT', index, got, message };
  }
  const odd = OPTIONAL_KEYS.find((key) => typeof (value[key] ?? '') !== 'string');
  if (odd !== undefined) {
    const message = `${where}: "${odd}" must be text, not ${typeName(value[odd])}; ${EXAMPLE}`;
    return { code: 'ENTRY_NOT_TEXT', index, message };
  }
  const id = textAt(value, 'id');
  const token = textAt(value, 'token');
  const tokenFile = textAt(value, 'token_file');
  const platformUrl = textAt(value, 'platform_url');
  const orgId = textAt(value, 'org_id');
  if (id === '' || (token === '' && tokenFile === '')) {
    const message = `${where} needs an "id" and a "token", both non-blank text; ${EXAMPLE}`;
    return { code: 'ENTRY_MISSING_ID_OR_TOKEN', index, message };
  }
  return {
    id,
    token,
    ...(tokenFile ? { tokenFile } : {}),
    ...(platformUrl ? { platformUrl } : {}),
    ...(orgId ? { orgId } : {}),
    setBy: {
      id: `${where}.id`,
      token: token ? `${where}.token` : `${where}.token_file`,
      platformUrl: platformUrl ? `${where}.platform_url` : 'PLATFORM_URL',
    },
  };
}

/** Text only: a number or null made into text would be an id that nobody meant (W-54). */
function textAt(entry: Readonly<Record<string, unknown>>, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? trimWhiteSpace(value) : '';
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

const OPTIONAL_KEYS = ['token_file', 'platform_url', 'org_id'] as const;
const EXAMPLE = 'expected for example [{"id":"6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11","token":"…"}]';
