import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';

/** An open wake-up stream. */
export interface Listener {
  /** Resolves with the first events, once there are so many. */
  events(count: number): Promise<unknown[]>;
  close(): void;
}

/** Opens a workspace's wake-up stream; resolves after its first comment. */
export async function listen(platform: LocalPlatform, workspaceId: string, token: string): Promise<Listener> {
  const abort = new AbortController();
  const response = await fetch(`${platform.url}/workspaces/${workspaceId}/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? '';
  if (!text.startsWith(': ping\n\n')) throw new Error(`the stream began with ${JSON.stringify(text)}`);
  return {
    async events(count) {
      for (;;) {
        const events = [...text.matchAll(/^data: (.*)\n\n/gm)].map(
          ([, data = '']) => JSON.parse(data) as unknown,
        );
        if (events.length >= count) return events;
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended after ${events.length} events`);
        text += value;
      }
    },
    close: () => abort.abort(),
  };
}
