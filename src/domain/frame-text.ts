import { visibleLine, visibleText } from './visible.ts';

/** What each line that frames a message begins with; no line of a text may (W-56). */
export const ATTACHMENT_MARK = '[attachment]';
export const ERROR_MARK = '[delegation error]';
export const HINT_MARK = '↩';

/**
 * A stranger's text as it may stand between our header and our hint: a line that would pass for one of ours is quoted
 * with `> `, a `channel` tag loses its `<`, concealed characters are spelled out. Ordinary text stays byte for byte.
 * Takes time linear in the text, whatever it is.
 */
export function frameText(text: string): string {
  return escapeTags(visibleText(text)).replace(FORGED_LINE, '> ');
}

/** The same for words that stand inside one of our own lines: at most `maxChars` of them, on one line. */
export function frameLine(words: string, maxChars: number): string {
  return escapeTags(visibleLine(words, maxChars));
}

function escapeTags(text: string): string {
  return text.replace(CHANNEL_TAG, '&lt;');
}

/** Opening or closing, in any case, with white space or invisible characters around the slash. */
const CHANNEL_TAG = /<(?=[\s\p{DI}]*(?:\/[\s\p{DI}]*)?channel\b)/giu;

/** White space but the line break, and whatever shows nothing. */
const BLANK = String.raw`(?:(?!\n)[\s\p{DI}])`;

/** The beginning of a line whose first visible characters are a bracket with one of our words, or the hint's arrow. */
const FORGED_LINE = new RegExp(
  String.raw`^(?=${BLANK}*(?:[[［【⟦]${BLANK}*(?:from|attachment|delegation${BLANK}+error)\b|${HINT_MARK}))`,
  'gimu',
);
