import { visibleLine } from '../domain/visible.ts';
import { type OptionName, options } from './options.ts';

/** An option's value as it may be shown: one line, the password of a proxy left out. */
export function shownValue(name: OptionName, value: string | number | boolean): string {
  const text = String(value);
  return visibleLine(options[name].mayHoldSecret ? withoutPassword(text) : text);
}

/** How a secret is shown: that it is there, and nothing of it. */
export function shownSecret(secret: string): string {
  return secret === '' ? 'none' : `hidden (${secret.length} characters)`;
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '';
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href.replace(/\/$/, '');
}
