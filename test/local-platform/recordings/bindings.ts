/** What recorded ids, times, tokens and numbers are called in the run that is played now. */
export interface Bindings {
  /** Our value of a recorded one. */
  ours(recorded: string): string | undefined;
  /** Binds both ways; a text says with what it clashes. */
  bind(recorded: string, actual: string): string | undefined;
  /** A copy to try something on. */
  fork(): Bindings;
  /** Whether one of our values stands for a recorded one. */
  isOurs(actual: string): boolean;
}

/** No value bound, or those of another run so far. */
export function createBindings(
  forward: ReadonlyMap<string, string> = new Map(),
  backward: ReadonlyMap<string, string> = new Map(),
): Bindings {
  const toOurs = new Map(forward);
  const toRecorded = new Map(backward);
  return {
    ours: (recorded) => toOurs.get(recorded),
    isOurs: (actual) => toRecorded.has(actual),
    bind(recorded, actual) {
      const known = toOurs.get(recorded);
      if (known !== undefined)
        return known === actual ? undefined : `${recorded} is ${known} here, not ${actual}`;
      const other = toRecorded.get(actual);
      if (other !== undefined) return `${actual} already stands for ${other}, not for ${recorded}`;
      toOurs.set(recorded, actual);
      toRecorded.set(actual, recorded);
      return undefined;
    },
    fork: () => createBindings(toOurs, toRecorded),
  };
}
