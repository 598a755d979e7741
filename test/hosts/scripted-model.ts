import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

/** What the model says next: words, or a call of a tool. */
export type Saying =
  | { readonly text: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** A model that follows a script, behind the Messages API on this machine. */
export interface ScriptedModel {
  readonly url: string;
  /** Every turn of the conversation that had the tools of our server, as the host sent it. */
  readonly requests: readonly string[];
}

/**
 * Starts a model. `next` is told the results of the tools so far, as text, and says what comes next. Whatever has none of our
 * tools (titles, checks of the host) is answered with a word.
 */
export async function startScriptedModel(
  server: string,
  next: (results: readonly string[]) => Saying,
): Promise<ScriptedModel> {
  const requests: string[] = [];
  const http = createServer(async (request, response) => {
    const body = await text(request);
    const asked = ask.safeParse(body === '' ? null : JSON.parse(body));
    if (!request.url?.startsWith('/v1/messages?') || !asked.success)
      return void response.writeHead(404).end();
    const { tools, messages, model } = asked.data;
    const isOurs = tools.some(({ name }) => name.startsWith(`mcp__${server}__`));
    if (isOurs) requests.push(body);
    speak(response, model, isOurs ? next(messages.flatMap(resultsIn)) : { text: 'ok' });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => void http.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, requests };
}

function resultsIn({ content }: z.infer<typeof message>): readonly string[] {
  if (typeof content === 'string') return [];
  return content.flatMap((block) => (block.type === 'tool_result' ? [JSON.stringify(block.content)] : []));
}

/** One answer as a stream of events. */
function speak(response: ServerResponse, model: string, saying: Saying): void {
  const isCall = 'tool' in saying;
  const id = `toolu_${Math.random().toString(36).slice(2)}`;
  const block = isCall ? { type: 'tool_use', id, name: saying.tool, input: {} } : { type: 'text', text: '' };
  const delta = isCall
    ? { type: 'input_json_delta', partial_json: JSON.stringify(saying.input) }
    : { type: 'text_delta', text: saying.text };
  const usage = { input_tokens: 1, output_tokens: 1 };
  const head = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: head });
  send('content_block_start', { index: 0, content_block: block });
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  const stopReason = isCall ? 'tool_use' : 'end_turn';
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}

const block = z.looseObject({ type: z.string(), content: z.unknown().optional() });
const message = z.looseObject({ content: z.union([z.string(), z.array(block)]) });
const ask = z.looseObject({
  model: z.string(),
  messages: z.array(message),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
});
