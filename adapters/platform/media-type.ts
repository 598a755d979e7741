/** A media type in lower case, without its parameters; empty when none was named. */
export function mediaType(named: string | undefined): string {
  return (named ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
