import type { ObjectNode } from '@humanwhocodes/momoa';
import { behindComma } from './json-node.ts';

/** How a file is laid out. */
export interface Style {
  /** One level of indentation. */
  readonly indent: string;
  readonly eol: string;
}

/** As the file's first indented line has it; two spaces in a file without any. */
export function styleOf(text: string): Style {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return {
    indent: indent.startsWith('\t') ? '\t' : indent.slice(0, 8),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** A value's text, its inner lines indented for a place `depth` levels deep. */
export function spellValue(value: unknown, depth: number, { indent, eol }: Style): string {
  return JSON.stringify(value, null, indent).replaceAll('\n', eol + indent.repeat(depth));
}

/**
 * Adds a member at the end of an object whose members stand `depth` levels deep plus one, on lines of its own, behind all
 * that the object holds: comments and a trailing comma stay with what they belong to.
 */
export function insertMember(
  text: string,
  object: ObjectNode,
  key: string,
  value: unknown,
  depth: number,
  style: Style,
): string {
  const [start, end] = object.range ?? [0, 0];
  const closing = end - 1;
  const last = object.members.at(-1)?.range?.[1];
  const head = text.slice(0, closing).trimEnd();
  const contentEnd = Math.max(head.length, start + 1);
  const hasComma = last !== undefined && behindComma(text, last) !== null;
  const line = `${style.eol}${style.indent.repeat(depth + 1)}`;
  const member = `${line}${JSON.stringify(key)}: ${spellValue(value, depth + 1, style)}${hasComma ? ',' : ''}`;
  // A brace that stands on its own line stays there.
  const space = text.slice(contentEnd, closing);
  const before = space.includes('\n') ? space : style.eol + style.indent.repeat(depth);
  const comma = last === undefined || hasComma ? '' : ',';
  const at = last ?? contentEnd;
  return text.slice(0, at) + comma + text.slice(at, contentEnd) + member + before + text.slice(closing);
}
