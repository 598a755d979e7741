import type * as z from 'zod';
import type { Frame } from '../domain/inbox/frame.ts';
import { recordedFrame, recordingHead } from '../recording/format.ts';
import { scriptOf } from './recorded-script.ts';
import { parseLine, type Source, SourceError } from './source.ts';

/** A recording of ours, one script per workspace that it tells of. */
export function readRecording(path: string, lines: readonly string[]): readonly Source[] {
  const [{ rules }, ...frames] = readFrames(path, lines);
  const ids = [...new Set(frames.map(({ workspaceId }) => workspaceId))].filter((id) => id !== '').sort();
  return ids.map((workspaceId) => ({
    kind: 'rows',
    script: scriptOf(
      workspaceId,
      frames.filter((frame) => frame.workspaceId === workspaceId),
      rules,
    ),
  }));
}

/** The lines of a recording, its beginning first; the last one may be torn. */
export function readFrames(
  path: string,
  lines: readonly string[],
): [z.infer<typeof recordingHead>, ...Frame[]] {
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
