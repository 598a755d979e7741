/** Where a statechart is, as XState tells it: a state's key, or a record of regions and what each is in. */
export type StateValue = string | { readonly [region: string]: StateValue | undefined };

/** The innermost states that are active, as dotted paths in the chart's order: `online.feed.reading.polling`. */
export function leavesOf(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, inner]) => {
    const leaves = inner === undefined ? [] : leavesOf(inner);
    return leaves.length === 0 ? [key] : leaves.map((leaf) => `${key}.${leaf}`);
  });
}

/** Every state that is active: the leaves and all that they lie in. */
export function activeStates(value: StateValue): ReadonlySet<string> {
  const active = new Set<string>();
  for (const leaf of leavesOf(value)) {
    const keys = leaf.split('.');
    for (const [index] of keys.entries()) active.add(keys.slice(0, index + 1).join('.'));
  }
  return active;
}

/** XState's own events as a person would say them: `poll done`, `after poll rest`; others as they are, a start as nothing. */
export function eventInWords(eventType: string): string {
  if (eventType === 'xstate.init') return '';
  if (eventType === 'xstate.stop') return 'stop';
  const [, what, rest = ''] = /^xstate\.(after|done\.actor|error\.actor)\.(.*)$/.exec(eventType) ?? [];
  if (what === 'after') return `after ${rest.replace(/\..*$/, '')}`;
  if (what === undefined) return eventType;
  return `${rest} ${what === 'done.actor' ? 'done' : 'failed'}`;
}

/** A move in words: the innermost states that were left and entered; empty when it stayed where it was. */
export function moveInWords(before: StateValue | null, after: StateValue): string {
  const [left, entered] = [before === null ? [] : leavesOf(before), leavesOf(after)];
  const from = left.filter((leaf) => !entered.includes(leaf)).join(', ');
  const to = entered.filter((leaf) => !left.includes(leaf)).join(', ');
  if (from === '' && to === '') return '';
  return [from, to].filter((part) => part !== '').join(' → ');
}
