import type { OnFrame } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { accepted, type Connection } from './ask.ts';
import { createEventReader } from './event-reader.ts';
import { assertPlain, malformed } from './json.ts';
import { mediaType } from './media-type.ts';
import { OWN_CREDENTIAL } from './refusal.ts';

/**
 * `GET /workspaces/:id/events/stream` (§12.1). Tells `open` once the server has answered with an event stream, then
 * each event as it comes; resolves when the server ends the stream. Only events are a sign of life: own heartbeats raise
 * one each, so after `silenceMs` without any it rejects as timed out, whatever comments a proxy keeps sending.
 */
export async function wakeUps(connection: Connection, onFrame: OnFrame, signal: AbortSignal): Promise<void> {
  const { deadlines, limits, workspaceId } = connection;
  const reply = await accepted(
    connection,
    {
      method: 'GET',
      path: `/workspaces/${workspaceId}/events/stream`,
      headers: { accept: 'text/event-stream' },
      lane: 'wakeUps',
      deadlineMs: deadlines.openStreamMs,
      endless: true,
      own: OWN_CREDENTIAL,
    },
    signal,
  );
  const dead = () =>
    reply.end(
      new PlatformError('timed-out', `${reply.what} has been silent for ${deadlines.silenceMs / 1000} s`),
    );
  let silence: NodeJS.Timeout | undefined;
  try {
    assertPlain(reply);
    if (reply.status !== 200 || mediaType(reply.headers['content-type']) !== 'text/event-stream') {
      throw malformed(reply, 'something that is no event stream');
    }
    const read = createEventReader(limits.eventChars);
    onFrame({ type: 'open', data: {} });
    silence = setTimeout(dead, deadlines.silenceMs);
    await reply.body((piece) => {
      const events = read(piece);
      if (events.length === 0) return;
      silence?.refresh();
      for (const event of events) if (!signal.aborted) onFrame(event);
    });
  } finally {
    clearTimeout(silence);
    reply.end();
  }
}
