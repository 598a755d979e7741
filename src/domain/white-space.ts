/**
 * A text without the white space around it, as the reference client trims: Unicode's white space and the four
 * information separators, but not U+FEFF (which `String.prototype.trim` removes, too).
 */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isWhiteSpace(char: string): boolean {
  return WHITE_SPACE.test(char) || (char >= '\u001c' && char <= '\u001f');
}

const WHITE_SPACE = /\p{White_Space}/u;
