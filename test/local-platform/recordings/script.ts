import { expect } from 'vitest';
import { parseRfc3339 } from '../../../src/local-platform/rules/timestamps.ts';
import { isObject } from './compare.ts';
import type { Outcome, Stage } from './play.ts';

type Row = Record<string, unknown>;

/** What differs in the exchanges of one file, named by position and request. */
export function differencesOf(
  outcomes: readonly Outcome[],
  file: string,
): Record<string, readonly string[]>[] {
  const ofFile = outcomes.filter(({ exchange }) => exchange.file === file);
  expect(ofFile.length).toBeGreaterThan(0);
  return ofFile
    .filter(({ differences }) => differences.length > 0)
    .map(({ exchange: { n, request }, differences }) => ({
      [`${n} ${request.method} ${request.path}`]: differences,
    }));
}

/** Rows as the feed shows them without a cursor; in May equal times stay in order of insertion. */
export function newestFirst(oldestFirst: readonly Row[]): Row[] {
  const micros = (row: Row) => Number(parseRfc3339(String(row.created_at)));
  return [...oldestFirst].sort((a, b) => micros(b) - micros(a) || Number(b.seq) - Number(a.seq) || 0);
}

/** Writes a row that the recording made by SQL, found by its summary. */
export function writeRecorded(
  { platform, id }: Stage,
  rows: readonly Row[],
  workspaceId: string,
  summary: string,
): Promise<unknown> {
  const row = rows.find((candidate) => candidate.summary === summary);
  return platform.writeRow(id(workspaceId), {
    activityType: 'a2a_receive',
    method: String(row?.method),
    targetId: id(workspaceId),
    summary,
    requestBody: row?.request_body,
  });
}

/** Sends a canvas message that was not written down, as its row shows it. */
export async function sendRecorded({ platform, id }: Stage, row: Row | undefined): Promise<void> {
  const body = isObject(row?.request_body) ? row.request_body : {};
  const params = isObject(body.params) ? body.params : {};
  const message = isObject(params.message) ? params.message : {};
  const { contextId: _, ...sent } = message;
  const response = await fetch(`${platform.url}/workspaces/${id(String(row?.workspace_id))}/a2a`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.adminToken}` },
    body: JSON.stringify({ method: body.method, params: { message: sent } }),
  });
  if (!response.ok) throw new Error(`a message was answered with ${response.status}`);
}
