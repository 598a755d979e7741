import type { DomainEvent } from '../domain/events.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import { stateFromJson } from '../domain/inbox/state-json.ts';
import { readRow } from '../domain/wire/row.ts';
import { recordedFrame, recordingHead } from '../recording/format.ts';
import { emptyScript, type Script, type ScriptedFailure, type ScriptedTransfer } from './script.ts';
import { parseLine, type Source, SourceError } from './source.ts';

/**
 * A recording of ours: its rows, the platform's failures, the files' outcomes and what the agent did are played again;
 * its events and moves are what came of them then, and are computed anew.
 */
export function readRecording(path: string, lines: readonly string[]): readonly Source[] {
  const [, ...frames] = readFrames(path, lines);
  const ids = [...new Set(frames.map(({ workspaceId }) => workspaceId))].filter((id) => id !== '').sort();
  return ids.map((workspaceId) => ({
    kind: 'rows',
    script: scriptOf(
      workspaceId,
      frames.filter((frame) => frame.workspaceId === workspaceId),
    ),
  }));
}

/** The lines of a recording, its beginning first; the last one may be torn. */
export function readFrames(path: string, lines: readonly string[]): [unknown, ...Frame[]] {
  const [head, ...rest] = lines;
  const opened = recordingHead.safeParse(parseLine(head ?? '', path, 1));
  if (!opened.success) throw new SourceError(`${path} was recorded by another version of molecule-inbox`);
  const frames = rest.slice(0, -1).map((line, index) => {
    const frame = recordedFrame.safeParse(parseLine(line, path, index + 2));
    if (!frame.success) throw new SourceError(`${path}:${index + 2} is no line of a recording`);
    return frame.data as unknown as Frame;
  });
  return [opened.data, ...frames];
}

function scriptOf(workspaceId: string, frames: readonly Frame[]): Script {
  const script = {
    ...emptyScript(workspaceId),
    rows: [] as Script['rows'][number][],
    acts: [] as Script['acts'][number][],
    transfers: new Map<string, ScriptedTransfer[]>(),
    failures: [] as ScriptedFailure[],
    beginMs: Date.parse(frames[0]?.at ?? ''),
    endMs: Date.parse(frames.at(-1)?.at ?? ''),
  };
  let opened = false;
  for (const frame of frames) {
    const atMs = Date.parse(frame.at);
    if (frame.type === 'ledger.opened' && !opened) {
      opened = true;
      const state = stateFromJson(frame.data.state);
      // The replay opens a session of its own.
      if (state) script.initial = Object.assign(state, { seq: state.seq - 1, session: state.session - 1 });
    } else if (frame.type === 'row.served') {
      script.rows.unshift(rowOf(frame.data.row, atMs));
    } else if (
      frame.type === 'reply.received' &&
      frame.data.kind !== null &&
      frame.data.call !== 'openUpload'
    ) {
      const { call, status, kind } = frame.data;
      script.failures.push({ atMs, call, status, kind: kind as ScriptedFailure['kind'] });
    } else if (frame.type === 'event.appended') {
      takeEvent(frame.data.event, atMs, script);
    }
  }
  return script;
}

function rowOf(raw: unknown, atMs: number): Script['rows'][number] {
  const reading = readRow(raw);
  const { id, atMicros } = reading.ok ? reading.row : reading.unreadable;
  return {
    id,
    createdMicros: atMicros,
    visibleMicros: atMs * 1000,
    seq: reading.ok ? reading.row.seq : null,
    raw,
  };
}

function takeEvent(
  event: Extract<Frame, { type: 'event.appended' }>['data']['event'],
  atMs: number,
  { acts, transfers }: { acts: Script['acts'][number][]; transfers: Map<string, ScriptedTransfer[]> },
): void {
  const ended = (fileId: string, outcome: ScriptedTransfer['outcome']) =>
    transfers.set(fileId, [...(transfers.get(fileId) ?? []), { atMs, outcome }]);
  switch (event.type) {
    case 'message.popped': {
      const { activityId, by } = event.data;
      acts.push({ atMs, command: { type: 'popMessage', activityId, by } });
      break;
    }
    case 'message.offered':
      acts.push({ atMs, command: { type: 'noteOffers', activityIds: event.data.activityIds } });
      break;
    case 'upload.created':
    case 'upload.sending':
    case 'upload.sent':
      // Without the place and the time that it had then.
      acts.push({
        atMs,
        command: { type: 'recordFact', fact: { type: event.type, data: event.data } as DomainEvent },
      });
      break;
    case 'upload.staged': {
      const { fileId, path, bytes, mimeType } = event.data;
      ended(fileId, { status: 'staged', path, bytes, mimeType });
      break;
    }
    case 'upload.failed':
      ended(event.data.fileId, { status: 'failed', reason: event.data.reason });
      break;
    case 'upload.expired':
      ended(event.data.fileId, { status: 'expired', reason: event.data.reason });
      break;
    case 'upload.tooLarge':
      ended(event.data.fileId, { status: 'too_large', reason: event.data.reason });
  }
}
