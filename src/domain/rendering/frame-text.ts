import { visibleLine, visibleText } from './visible.ts';

/** What each line that frames a message begins with; no line of a text may (W-56). */
export const ATTACHMENT_MARK = '[attachment]';
/** Begins the line that says why a delegation failed. */
export const ERROR_MARK = '[delegation error]';
/** Begins a push that says how many messages wait. */
export const DIGEST_MARK = '[inbox digest]';
/** Begins a push about a workspace that only the user can mend. */
export const NOTICE_MARK = '[workspace notice]';
/** Begins the line that says how to answer. */
export const HINT_MARK = '↩';

/**
 * A stranger's text as it may stand between our header and our hint: a line that would pass for one of ours is quoted
 * with `> `, a `channel` tag loses its `<`, concealed characters are spelled out. Ordinary text stays byte for byte.
 * Takes time linear in the text, whatever it is.
 */
export function frameText(text: string): string {
  return escapeTags(visibleText(text)).split('\n').map(quoteForgery).join('\n');
}

/** The same for words that stand inside one of our own lines: at most `maxChars` of them, on one line. */
export function frameLine(words: string, maxChars: number): string {
  return escapeTags(visibleLine(words, maxChars));
}

function escapeTags(text: string): string {
  return text.replace(CHANNEL_TAG, '&lt;');
}

/** Judges a line as a reader sees it: without what shows nothing, full-width letters and brackets as plain ones. */
function quoteForgery(line: string): string {
  const seen = line.replace(IGNORABLE, '').normalize('NFKC');
  return FORGED_LINE.test(seen) ? `> ${line}` : line;
}

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const FORGED_LINE = new RegExp(
  `^\\s*(?:[[【⟦〔]\\s*(?:from|attachment|delegation\\s+error|inbox\\s+digest|workspace\\s+notice)\\b|${HINT_MARK})`,
  'i',
);

/** Opening or closing, in any case, with white space around the slash and invisible characters anywhere. */
const CHANNEL_TAG = new RegExp(
  String.raw`<(?=[\s\p{DI}]*(?:\/[\s\p{DI}]*)?${[...'channel'].join(String.raw`\p{DI}*`)}\b)`,
  'giu',
);
