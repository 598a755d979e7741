/// <reference lib="dom" />
/**
 * Frames the address of Stately's inspector and posts `@statelyai/inspect` frames to it. They are kept until it says
 * that it is connected; when it says so again, it has been loaded anew and is told everything anew.
 */
const [address = ''] = JSON.parse(document.getElementById('address')?.textContent || '[]') as string[];
const frame = document.getElementById('inspector') as HTMLIFrameElement;
const status = document.getElementById('connection') as HTMLElement;
const { origin } = new URL(address);
/** Who there is, and the latest that was told of them. */
let actors: unknown[] = [];
let latest: unknown[] = [];
const MAX_LATEST = 5_000;
let isConnected = false;

window.addEventListener(
  'message',
  ({ source, origin: from, data }: MessageEvent<{ type?: unknown } | null>) => {
    if (source !== frame.contentWindow || from !== origin || data?.type !== '@statelyai.connected') return;
    isConnected = true;
    status.textContent = 'connected to Stately’s inspector';
    for (const message of [...actors, ...latest]) post(message);
  },
);

const source = new EventSource('stately/frames');
source.onopen = () => {
  actors = [];
  latest = [];
};
source.onmessage = ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data) as { readonly type: string };
  if (message.type === '@xstate.actor') actors.push(message);
  else latest.push(message);
  if (latest.length > MAX_LATEST) latest = latest.slice(MAX_LATEST / 10);
  if (isConnected) post(message);
};
source.onerror = () => {
  status.textContent = 'not connected: the bridge has ended, or its inspector was turned off';
};
frame.src = address;

function post(message: unknown): void {
  frame.contentWindow?.postMessage(message, origin);
}
