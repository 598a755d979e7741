import type { Bindings } from './bindings.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z';
const named = '<(?:token|inbound-secret)-[^<>]+>';
const anything = '<(?:secret|text|socket|internal-url)>';
const platform = 'http://platform';
const pieces = new RegExp(`(${uuid}|${time}|${named}|${anything}|${platform})`);

const is = (pattern: string) => {
  const whole = new RegExp(`^(?:${pattern})$`);
  return (text: string) => whole.test(text);
};
const isUuid = is(uuid);
const isTime = is(time);
const isNamed = is(named);
const isAnything = is(anything);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Compares a recorded text with ours, binding what stands for something; texts say what differs. */
export function compareText(recorded: string, actual: string, bindings: Bindings, baseUrl: string): string[] {
  const parts = recorded.split(pieces);
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) return escaped(part);
    if (isUuid(part)) return `(${uuid})`;
    if (isTime(part)) return `(${time})`;
    return part === platform ? `(${escaped(baseUrl)})` : '([\\s\\S]+)';
  });
  const match = new RegExp(`^${pattern.join('')}$`).exec(actual);
  if (match === null) return [`expected ${JSON.stringify(recorded)}, got ${JSON.stringify(actual)}`];
  const special = parts.filter((_, index) => index % 2 === 1);
  return special.flatMap((part, index) => {
    if (isAnything(part) || part === platform) return [];
    const clash = bindings.bind(part, match[index + 1] ?? '');
    return clash === undefined ? [] : [clash];
  });
}

/**
 * Puts our values into a recorded text that is to be sent. An id or time that nobody introduced was the sender's own
 * invention and stays as it is.
 *
 * @param lookUp finds ids that no reply has shown yet.
 */
export function reword(
  recorded: string,
  bindings: Bindings,
  baseUrl: string,
  lookUp: (id: string) => string | undefined,
): string {
  return recorded
    .split(pieces)
    .map((part, index) => {
      if (index % 2 === 0 || isAnything(part)) return part;
      if (part === platform) return baseUrl;
      const ours = bindings.ours(part) ?? (isUuid(part) ? lookUp(part) : undefined);
      if (ours !== undefined) return ours;
      if (isNamed(part)) throw new Error(`${part} was used before any reply showed it`);
      bindings.bind(part, part);
      return part;
    })
    .join('');
}
