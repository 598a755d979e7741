/** Origins that pass without being the server's own, as long as no list is configured (§1.4). */
export const defaultOrigins: readonly string[] = ['http://localhost:3000', 'http://localhost:3001'];

/** Whether a request with this `Origin` gets past the server's CORS check (§1.4); without one it always does. */
export function mayPassOrigin(
  origin: string | undefined,
  host: string | undefined,
  listed: readonly string[],
): boolean {
  if (origin === undefined || origin === '') return true;
  return origin === `http://${host}` || origin === `https://${host}` || listed.includes(origin);
}
