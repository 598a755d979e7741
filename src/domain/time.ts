/**
 * Microseconds since the epoch of an RFC 3339 time with up to six fractional digits and any zone (§1.7), or null.
 * Times are compared as these numbers, never as strings; they are safe integers until the year 2255.
 */
export function toMicros(time: string): number | null {
  const match = RFC_3339.exec(time);
  if (!match) return null;
  const [, date, clock, fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${clock}${zone === 'z' ? 'Z' : zone}`);
  if (Number.isNaN(milliseconds)) return null;
  return milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** The RFC 3339 spelling in UTC with six fractional digits. */
export function fromMicros(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})?$/;

/** An hour in milliseconds. */
export const HOUR_MS = 3600 * 1000;

/** 24 hours in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;
