import { isDeepStrictEqual } from 'node:util';
import { parse, patch, stringify, TomlFormat } from '@decimalturn/toml-patch';
import { isRecord } from '../domain/record.ts';
import type { HostValue } from './hosts/host.ts';
import { describeEntry, type Edit, mergeEntry } from './merge-entry.ts';
import { withoutSections } from './without-sections.ts';

/** Puts a server into a TOML file and leaves everything else as it is: comments, order, spelling of values. */
export function putIntoToml(
  text: string,
  table: string,
  name: string,
  entry: Readonly<Record<string, HostValue>>,
): Edit {
  const before = read(text);
  if (!before) return { ok: false, reason: 'is not valid TOML' };
  const servers = before[table] ?? {};
  if (!isRecord(servers)) return { ok: false, reason: `holds something else than servers at "${table}"` };
  const merged = mergeEntry(servers[name], entry);
  const expected = { ...before, [table]: { ...servers, [name]: merged } };
  const old = isRecord(servers[name]) ? Object.keys(servers[name]) : [];
  const gone = old.filter((key) => !Object.hasOwn(merged, key)).map((key) => `${table}.${name}.${key}`);

  const candidates = [
    ...(servers[name] === undefined ? [() => append(text, table, name, entry)] : []),
    // A section that is patched away takes the comments behind it along.
    ...(gone.length > 0 ? [() => patch(withoutSections(text, gone), expected, formatOf(text))] : []),
    () => patch(text, expected, formatOf(text)),
  ];
  for (const candidate of candidates) {
    const after = attempt(candidate);
    if (after !== null && isDeepStrictEqual(plain(read(after)), plain(expected)))
      return { ok: true, text: after, before: describeEntry(servers[name]) };
  }
  return { ok: false, reason: 'cannot be edited safely' };
}

/** A server as a section of its own. */
export function tomlSection(
  table: string,
  name: string,
  entry: Readonly<Record<string, HostValue>>,
  newLine = '\n',
): string {
  const format = TomlFormat.default();
  format.newLine = newLine;
  format.bracketSpacing = false;
  format.inlineTableStart = 0;
  const key = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
  return `[${table}.${key}]${newLine}${stringify(entry, format).trim()}${newLine}`;
}

function append(
  text: string,
  table: string,
  name: string,
  entry: Readonly<Record<string, HostValue>>,
): string {
  const { newLine } = formatOf(text);
  const gap = text === '' ? '' : text.endsWith('\n') ? newLine : newLine + newLine;
  return text + gap + tomlSection(table, name, entry, newLine);
}

function formatOf(text: string): TomlFormat {
  const format = TomlFormat.autoDetectFormat(text);
  format.inlineTableStart = 2;
  // Allowed in an array only: hosts read TOML 1.0.
  format.trailingComma = false;
  return format;
}

function read(text: string): Readonly<Record<string, unknown>> | null {
  const value: unknown = attempt(() => parse(text));
  return isRecord(value) ? value : null;
}

function attempt<Value>(make: () => Value): Value | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** Tables without their prototypes, dates as they are written: comparable. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
