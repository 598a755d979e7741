import { normaliseBaseUrl } from '../domain/network/base-url.ts';
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

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'hidden (no address)';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : '***@'}${host}${pathname.replace(/\/$/, '')}`;
}
