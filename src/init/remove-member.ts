import type { ObjectNode } from '@humanwhocodes/momoa';
import { behindComma, keyOf, rangeOf } from './json-node.ts';

/**
 * Takes a member out of an object, with its line and the comment at the end of that when it stands there alone. Every other
 * comment stays.
 */
export function removeMember(text: string, object: ObjectNode, key: string): string {
  const at = object.members.findIndex((member) => keyOf(member) === key);
  const [member, previous] = [object.members[at], object.members[at - 1]];
  if (!member) return text;
  const [start, end] = rangeOf(member);
  const comma = behindComma(text, end);
  const [from, to] = withItsLine(text, start, comma ?? end);
  const rest = text.slice(to);
  if (comma === null && previous) {
    const separator = behindComma(text, rangeOf(previous)[1]) ?? from;
    return text.slice(0, separator - 1) + text.slice(separator, from) + rest;
  }
  const head = text.slice(0, from);
  // Nothing is left, not even a comment.
  return head.trimEnd().endsWith('{') && rest.trimStart().startsWith('}')
    ? head.trimEnd() + rest.trimStart()
    : head + rest;
}

/** The range with the blanks before it or behind it; with the whole line when nothing else stands there. */
function withItsLine(text: string, start: number, end: number): readonly [number, number] {
  const [before = ''] = /(\r?\n)?[ \t]*$/.exec(text.slice(0, start)) ?? [];
  const [behind = ''] = /^[ \t]*(\/\/.*)?/.exec(text.slice(end)) ?? [];
  const isAlone = before.includes('\n') && /^\r?(\n|$)/.test(text.slice(end + behind.length));
  if (isAlone) return [start - before.length, end + behind.length];
  const [blanks = ''] = /^[ \t]*/.exec(behind) ?? [];
  return before.includes('\n') ? [start, end + blanks.length] : [start - before.length, end];
}
