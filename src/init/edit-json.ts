import { isDeepStrictEqual } from 'node:util';
import { evaluate, parse, type ValueNode } from '@humanwhocodes/momoa';
import { isRecord } from '../domain/record.ts';
import type { HostValue } from './hosts/host.ts';
import { insertMember, type Style, spellValue, styleOf } from './insert-member.ts';
import { keyOf, rangeOf } from './json-node.ts';
import { describeEntry, type Edit, mergeEntry } from './merge-entry.ts';
import { removeMember } from './remove-member.ts';

/** Puts a server into a JSON file (comments and trailing commas are fine) and leaves every other character as it is. */
export function putIntoJson(
  text: string,
  table: string,
  name: string,
  entry: Readonly<Record<string, HostValue>>,
): Edit {
  const source = text.trim() === '' ? '{}\n' : text;
  const root = read(source);
  if (!root) return { ok: false, reason: 'is not valid JSON' };
  const before: unknown = evaluate(root);
  if (root.type !== 'Object' || !isRecord(before)) return { ok: false, reason: 'holds no JSON object' };
  const servers = before[table] ?? {};
  if (!isRecord(servers)) return { ok: false, reason: `holds something else than servers at "${table}"` };

  const merged = mergeEntry(servers[name], entry);
  const after = edit(source, [table, name], merged, styleOf(source));
  const edited = read(after);
  const expected = { ...before, [table]: { ...servers, [name]: merged } };
  // Keys that stand twice are read in one way here and in another one there.
  const isSafe = edited !== null && isDeepStrictEqual(evaluate(edited), expected);
  if (!isSafe) return { ok: false, reason: 'cannot be edited safely' };
  return { ok: true, text: after, before: describeEntry(servers[name]) };
}

/** Sets what lies at a path: of an object, members that it shall not have are taken out, the others set one by one. */
function edit(text: string, path: readonly string[], value: unknown, style: Style): string {
  const root = read(text);
  const { node, rest } = walk(root, path);
  if (!node) return text;
  const [next, ...deeper] = rest;
  if (next !== undefined && node.type === 'Object') {
    const inner = deeper.reduceRight((within, key) => ({ [key]: within }), value);
    return insertMember(text, node, next, inner, path.length - rest.length, style);
  }
  const now: unknown = evaluate(node);
  if (isDeepStrictEqual(now, value)) return text;
  if (node.type === 'Object' && isRecord(now) && isRecord(value)) {
    const gone = Object.keys(now).find((key) => !Object.hasOwn(value, key));
    if (gone !== undefined) return edit(removeMember(text, node, gone), path, value, style);
    return Object.entries(value).reduce(
      (after, [key, member]) => edit(after, [...path, key], member, style),
      text,
    );
  }
  const [start, end] = rangeOf(node);
  return text.slice(0, start) + spellValue(value, path.length, style) + text.slice(end);
}

/** As far along a path as there are nodes, and what is left of it. */
function walk(root: ValueNode | null, path: readonly string[]) {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const member: ValueNode | undefined =
      node?.type === 'Object' ? node.members.find((candidate) => keyOf(candidate) === key)?.value : undefined;
    if (!member) return { node, rest: path.slice(depth) };
    node = member;
  }
  return { node, rest: [] };
}

function read(text: string): ValueNode | null {
  // As long as what it replaces, so that places in both texts are the same.
  const withoutMark = text.replace(/^\uFEFF/, ' ');
  try {
    return parse(withoutMark, { mode: 'jsonc', ranges: true, allowTrailingCommas: true }).body;
  } catch {
    return null;
  }
}
