import type { ObjectNode, ValueNode } from '@humanwhocodes/momoa';

/** The key of a member. */
export function keyOf({ name }: ObjectNode['members'][number]): string {
  return name.type === 'String' ? name.value : name.name;
}

/** Where a node begins and ends in its text; throws when the text was parsed without ranges. */
export function rangeOf({ range }: ValueNode | ObjectNode['members'][number]): readonly [number, number] {
  if (!range) throw new Error('the text was parsed without ranges');
  return range;
}

/** Where the comma behind a place ends, comments in between passed over; null when something else comes first. */
export function behindComma(text: string, from: number): number | null {
  const [skipped] = /^(\s|\/\/.*|\/\*[\s\S]*?\*\/)*,/.exec(text.slice(from)) ?? [];
  return skipped === undefined ? null : from + skipped.length;
}
