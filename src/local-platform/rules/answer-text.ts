import { isObject, parseJson } from './go-json.ts';

/** What an agent said in its A2A answer: the text of the result's parts, else the body as it came. */
export function answerText(body: string): string {
  const answer = parseJson(body);
  const result = isObject(answer) ? answer.result : undefined;
  if (!isObject(result)) return body;
  const message = isObject(result.message) ? result.message : result;
  const parts = Array.isArray(message.parts) ? message.parts : [];
  const texts = parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []));
  return texts.length > 0 ? texts.join('\n') : body;
}
