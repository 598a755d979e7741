/**
 * What the server said, fit for a log line: at most 200 characters, control and direction characters escaped (W-57),
 * the token blotted out should the server echo it (W-48).
 */
export function serverWords(said: string, token: string): string {
  const spoken = withoutToken(said, token).slice(0, 1000).trim();
  const escaped = spoken.replace(
    UNPRINTABLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  const characters = [...escaped];
  return characters.length <= MAX_CHARACTERS
    ? escaped
    : `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…`;
}

/** A text without the token. */
export function withoutToken(text: string, token: string): string {
  return token ? text.replaceAll(token, '[token]') : text;
}

const MAX_CHARACTERS = 200;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
