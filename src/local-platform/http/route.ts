import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Profile } from '../profile.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './reply.ts';

/** One request on its way through a handler. */
export interface Call {
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The request itself, for bodies that are too large to read whole. */
  readonly incoming: IncomingMessage;
  /** Scheme and host under which the client reached the server (§11.1). */
  readonly baseUrl: string;
  /** Reads the body as text, at most `maxBytes` of it; what is beyond is thrown away. */
  readBody(maxBytes?: number): Promise<{ text: string; truncated: boolean }>;
}

/** Who may call a route: `workspace` is §2.2, `admin` is §2.5, `open` leaves it to the handler. */
export type Guard = 'open' | 'workspace' | 'admin';

/** One route of the platform. */
export interface Route {
  /** Method and pattern, for example `GET /workspaces/:id/activity`. */
  readonly at: string;
  readonly guard: Guard;
  /** The one generation that has it; both when absent. */
  readonly only?: Profile;
  handle(call: Call, world: World): Reply | Promise<Reply>;
}
