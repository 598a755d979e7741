/// <reference lib="dom" />
/** The platform as its web user's browser asks it: only routes that the real one has (protocol.md §4, §6.8, §7, §10.5, §12.1). */
export interface CanvasPlatform {
  workspaces(): Promise<readonly WorkspaceView[]>;
  /** The newest rows, oldest first. */
  rows(workspaceId: string): Promise<readonly Row[]>;
  /** Uploads files; resolves with how a message cites each. */
  upload(workspaceId: string, files: readonly File[]): Promise<readonly unknown[]>;
  /** Says a text and cites files. */
  say(workspaceId: string, messageId: string, text: string, cited: readonly unknown[]): Promise<void>;
  /** Calls back at every sign of life of the wake-up stream; resolves when that ends. */
  follow(workspaceId: string, onEvent: () => void, signal: AbortSignal): Promise<void>;
  /** The bytes of a file that a message names. */
  file(workspaceId: string, fileId: string): Promise<Blob>;
}

/** A workspace as `GET /workspaces` lists it. */
export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** `platform` is a server's own root, which nobody chats with (§15.6); absent in May. */
  readonly kind?: string;
}

/** A row of the activity feed, as served. */
export type Row = Readonly<Record<string, unknown>>;

/** The platform has refused; the message is one line for the person. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`${status}: ${reason}`);
    this.status = status;
  }
}

/** Asks with the operator's token. Every method rejects with one line for the person. */
export function createCanvasPlatform(token: string): CanvasPlatform {
  const headers = { authorization: `Bearer ${token}` };

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const asked = fetch(path, { ...init, headers: { ...headers, ...init.headers } });
    const response = await asked.catch(() => {
      throw new Error('the platform does not answer');
    });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { readonly error?: string };
    throw new Refusal(response.status, body.error ?? response.statusText);
  }

  return {
    async workspaces() {
      const listed = (await (await ask('/workspaces')).json()) as WorkspaceView[];
      return listed.filter(({ kind }) => kind !== 'platform');
    },
    async rows(workspaceId) {
      const reply = await ask(`/workspaces/${workspaceId}/activity?type=a2a_receive&limit=100`);
      return ((await reply.json()) as Row[]).reverse();
    },
    async upload(workspaceId, files) {
      const body = new FormData();
      for (const file of files) body.append('files', file, file.name);
      const reply = await ask(`/workspaces/${workspaceId}/chat/uploads`, { method: 'POST', body });
      return ((await reply.json()) as { readonly files: readonly unknown[] }).files;
    },
    async say(workspaceId, messageId, text, cited) {
      const parts = [
        ...(text === '' ? [] : [{ kind: 'text', text }]),
        ...cited.map((file) => ({ kind: 'file', file })),
      ];
      const message = { role: 'user', messageId, parts };
      await ask(`/workspaces/${workspaceId}/a2a`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ method: 'message/send', params: { message } }),
      });
    },
    async follow(workspaceId, onEvent, signal) {
      const { body } = await ask(`/workspaces/${workspaceId}/events/stream`, { signal });
      const reader = body?.getReader();
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) onEvent();
    },
    async file(workspaceId, fileId) {
      const path = `/workspaces/${workspaceId}/pending-uploads/${fileId}/content`;
      return (await ask(path)).blob();
    },
  };
}
