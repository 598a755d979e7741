/** A value as JSON; null when there is none of it: a stranger may have nested more than can be written again. */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
