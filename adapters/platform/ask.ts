import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { checked, readText } from './json.ts';
import type { Deadlines, ReplyLimits } from './limits.ts';
import { type OwnMeanings, refusalOf } from './refusal.ts';
import type { Reply, Wire, WireRequest } from './wire.ts';

/** What the methods of one workspace's platform share. */
export interface Connection {
  readonly wire: Wire;
  readonly workspaceId: string;
  readonly deadlines: Deadlines;
  readonly limits: ReplyLimits;
}

/** A request, and what statuses mean on its route alone. `json` is sent as the body. */
export interface Question extends WireRequest {
  readonly json?: unknown;
  readonly own?: OwnMeanings;
}

/** A 2xx reply whose body has the expected shape. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly value: T;
}

/** Asks for JSON of a shape. An empty body is `null`, which only shapes that say so take (§1.2). */
export async function ask<T>(
  connection: Connection,
  question: Question,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const reply = await accepted(connection, question, signal);
  const text = await readText(reply, connection.limits.jsonBytes);
  return { status: reply.status, headers: reply.headers, value: checked(reply, shape, text) };
}

/** The reply to a request when its status is 2xx, its body unread; rejects with what any other status means. */
export async function accepted(
  connection: Connection,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> {
  const { json, own, ...request } = question;
  const reply = await connection.wire.send(
    json === undefined ? request : { ...request, ...inJson(json, request) },
    signal,
  );
  if (reply.status < 200 || reply.status > 299) throw await refusalOf(reply, own);
  return reply;
}

function inJson(json: unknown, request: WireRequest): Pick<WireRequest, 'body' | 'headers'> {
  try {
    return {
      body: JSON.stringify(json),
      headers: { ...request.headers, 'content-type': 'application/json' },
    };
  } catch {
    throw new PlatformError(
      'refused',
      `${request.method} ${request.path} was not sent: its content cannot be written as JSON`,
    );
  }
}
