/**
 * A text with what looks like a secret replaced by `[REDACTED]`, before it goes into a memory that others can read:
 * `sk-…` keys, GitHub and AWS tokens, and long values assigned to something called key, token, secret or password.
 * Works on shapes alone, so it is a net and not a guarantee. Redacting twice changes nothing more.
 */
export function redactSecrets(text: string): string {
  const withoutTokens = TOKENS.reduce((rest, token) => rest.replace(token, REDACTED), text);
  return withoutTokens.replace(ASSIGNED, `$1${REDACTED}`);
}

const REDACTED = '[REDACTED]';
/** Tokens that their issuers made recognisable, whole words only. */
const TOKENS = [
  /\bsk-[A-Za-z0-9_-]{20,}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{82}\b/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
];
/** At least 40 characters of base64 in either alphabet: 30 random bytes, which no ordinary word has. */
const ASSIGNED = /((?:key|token|secret|password)\s*=\s*["']?)[A-Za-z0-9+/_-]{40,}={0,2}/gi;
