import { redactSecrets } from '../domain/network/redact.ts';

/**
 * Takes out of a text every secret that is known, however it got there, and what looks like one; the home directory
 * becomes `~`. The last thing before a report leaves the program.
 */
export function hideSecrets(text: string, secrets: readonly string[], home: string): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST);
  // JSON and URLs spell some characters of a secret in another way.
  const spellings = known.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // One that is no ASCII is never sent.
    ...(/^[\x21-\x7e]+$/.test(secret) ? [encodeURIComponent(secret)] : []),
  ]);
  const hidden = spellings.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  const redacted = redactSecrets(hidden);
  return home.length > 1 ? redacted.replaceAll(home, '~') : redacted;
}

const SHORTEST = 4;
