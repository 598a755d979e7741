import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { LoggingLevel, Notification, Request } from '@modelcontextprotocol/sdk/types.js';
import { frameLine } from '../../src/domain/rendering/frame-text.ts';
import { CHANNEL_METHOD, type ChannelNotification } from '../../src/domain/rendering/render.ts';
import { PushError } from './push-error.ts';
import type { ResourceUpdates } from './resources.ts';
import type { StdioTransport } from './stdio/transport.ts';

/** What the bridge may tell the host on its own account. */
export interface HostNotifier {
  /**
   * Writes one `notifications/claude/channel`; resolves when the operating system took it, which says nothing of the
   * agent having seen it. Rejects with a {@link PushError} and has then written nothing, unless the pipe broke meanwhile.
   */
  push(push: ChannelNotification): Promise<void>;
  /** Tells subscribers that the inbox changed, and these messages in it. Many calls at once become one. */
  inboxChanged(activityIds?: readonly string[]): void;
  /** A `notifications/message`, if the host's level asks for it. Dropped when the host does not read. */
  log(level: LoggingLevel, text: string): void;
}

/** The notifications of one server; none leaves before the host has said `initialized` (W-14). */
export function createHostNotifier(
  server: Server<Request, Notification>,
  transport: StdioTransport,
  updates: ResourceUpdates,
  isInitialized: () => boolean,
): HostNotifier {
  async function send(notification: Notification): Promise<void> {
    if (transport.closeReason !== null) throw new PushError('gone', 'the host is gone');
    if (!isInitialized())
      throw new PushError('not-initialized', 'the host has not said notifications/initialized yet');
    if (!transport.roomy)
      throw new PushError(
        'stalled',
        `the host does not read: ${transport.pendingBytes} bytes wait on stdout`,
      );
    try {
      await server.notification(notification);
    } catch (cause) {
      throw new PushError('gone', 'the host is gone', cause);
    }
  }

  /** For what is only a hint: a host that is not there or does not read does without. */
  function hint(notification: Notification): void {
    send(notification).catch(() => {});
  }

  const changed = new Set<string>();
  let scheduled = false;

  return {
    push: ({ content, meta }) => send({ method: CHANNEL_METHOD, params: { content, meta } }),
    inboxChanged(activityIds = []) {
      for (const id of activityIds) changed.add(id);
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        const uris = updates.subscribedAmong(changed);
        changed.clear();
        for (const uri of uris) hint({ method: 'notifications/resources/updated', params: { uri } });
      });
    },
    log(level, text) {
      if (!isInitialized() || !transport.roomy) return;
      const data = frameLine(text, MAX_LINE_CHARS);
      server.sendLoggingMessage({ level, logger: 'molecule-inbox', data }).catch(() => {});
    },
  };
}

const MAX_LINE_CHARS = 500;
