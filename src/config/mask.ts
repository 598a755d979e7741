import { normaliseBaseUrl } from '../domain/network/base-url.ts';
import { redactSecrets } from '../domain/network/redact.ts';
import { visibleLine } from '../domain/rendering/visible.ts';
import type { OptionName } from './options.ts';

/** An option's value as it may be shown: one line, and of an address neither a password nor a query. */
export function shownValue(name: OptionName, value: string | number | boolean): string {
  const text = String(value);
  // What is refused as an address may be anything.
  if (name === 'platformUrl' && text !== '' && !normaliseBaseUrl(text).ok) return 'hidden (no address)';
  return visibleLine(text.includes('://') ? withoutSecrets(text) : text);
}

/** How a secret is shown: that it is there, and nothing of it. */
export function shownSecret(secret: string): string {
  return secret === '' ? 'none' : `hidden (${secret.length} characters)`;
}

/** A command line as it may be shown: one line, without what looks like a secret or follows a flag that asks for one. */
export function shownWords(words: readonly string[]): string {
  const shown = words.map((word, index) => {
    if (/^\w+:\/\//.test(word)) return withoutSecrets(word);
    const [, name, value] = /^(-?[^=]*)=(.+)$/s.exec(word) ?? [];
    if (name !== undefined && SECRET_NAME.test(name) && value !== undefined) return `${name}=***`;
    const asked = words[index - 1] ?? '';
    if (asked.startsWith('-') && !asked.includes('=') && SECRET_NAME.test(asked)) return '***';
    return word;
  });
  return visibleLine(redactSecrets(shown.join(' '))).trim();
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'hidden (no address)';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : '***@'}${host}${pathname.replace(/\/$/, '')}`;
}

const SECRET_NAME = /token|key|secret|passw|auth|header|cookie|^-H$/i;
