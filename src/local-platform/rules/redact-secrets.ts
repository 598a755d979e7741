const patterns: readonly (readonly [RegExp, string])[] = [
  [/\bsk-[A-Za-z0-9_-]{20,}/g, 'SK_TOKEN'],
  [/\bghp_[A-Za-z0-9]{36}\b/g, 'GITHUB_TOKEN'],
  [/\bgithub_pat_[A-Za-z0-9_]{82}\b/g, 'GITHUB_TOKEN'],
  [/\bAKIA[A-Z0-9]{16}\b/g, 'AWS_KEY'],
];

/** Replaces what looks like a secret, as the server does before it stores a memory (§9). */
export function redactSecrets(text: string): string {
  return patterns.reduce(
    (redacted, [pattern, label]) => redacted.replace(pattern, `[REDACTED:${label}]`),
    text,
  );
}
