import { jsonText } from '../domain/json-text.ts';
import { isRecord } from '../domain/record.ts';
import { toMicros } from '../domain/time.ts';
import { readRow } from '../domain/wire/row.ts';
import { emptyScript, type ScriptedRow } from './script.ts';
import { parseLine, type Source, SourceError } from './source.ts';

/**
 * Bare activity rows, one a line, newest first: each is readable from its `created_at` on, or from when `visible` says.
 * One source per workspace that rows name.
 */
export function readRows(
  path: string,
  lines: readonly string[],
  visible: Readonly<Record<string, string>>,
): readonly Source[] {
  const rowsOf = new Map<string, ScriptedRow[]>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const raw = parseLine(line, path, index + 1);
    if (!isRecord(raw) || typeof raw.workspace_id !== 'string')
      throw new SourceError(`${path}:${index + 1} is no activity row: it names no workspace_id`);
    if (jsonText(raw) === null)
      throw new SourceError(`${path}:${index + 1} nests more than can be shown: leave it out`);
    const reading = readRow(raw);
    const { id, atMicros } = reading.ok ? reading.row : reading.unreadable;
    const own = rowsOf.get(raw.workspace_id) ?? [];
    rowsOf.set(raw.workspace_id, own);
    own.push({
      id,
      createdMicros: atMicros,
      visibleMicros: toMicros(visible[id] ?? '') ?? atMicros,
      seq: reading.ok ? reading.row.seq : null,
      raw,
    });
  }
  return [...rowsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([workspaceId, rows]) => ({
      kind: 'rows',
      script: {
        ...emptyScript(workspaceId),
        rows,
        beginMs: Math.floor(Math.min(...rows.map(timeOf)) / 1000) - LEAD_MS,
        endMs: Math.ceil(Math.max(...rows.map(({ visibleMicros }) => visibleMicros)) / 1000) + REST_MS,
      },
    }));
}

function timeOf({ createdMicros, visibleMicros }: ScriptedRow): number {
  return Math.min(createdMicros, visibleMicros);
}

/** The bridge is there before the first row. */
const LEAD_MS = 1_000;
/** Long enough for a barrier's deadline and a sweep for late rows. */
const REST_MS = 70_000;
