/**
 * Text on one line, for logs and tables: every line break, control, bidirectional and otherwise concealed character is
 * spelled out (`\n`, `\u001b`), so that a stranger's words can neither forge a line nor move the cursor (W-57). At most
 * `maxChars` UTF-16 units of the text are shown; a cut is marked with `…`.
 */
export function visibleLine(text: string, maxChars = 500): string {
  const shown = text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
  return shown.replace(CONCEALED, (match) => (isFlag(match) ? match : spell(match)));
}

/** Text with its lines and tabs as they are and every other concealed character spelled out; ordinary text is unchanged. */
export function visibleText(text: string): string {
  return text.replace(CONCEALED, (match) => (isFlag(match) || ORDINARY.has(match) ? match : spell(match)));
}

function spell(concealed: string): string {
  return [...concealed].map((char) => SHORT.get(char) ?? spellCode(char.codePointAt(0) ?? 0)).join('');
}

function spellCode(code: number): string {
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** The flags of England, Scotland, Wales: the one honest use of tag characters. */
function isFlag(match: string): boolean {
  return match.startsWith('\u{1F3F4}');
}

/**
 * Controls, lone surrogates, bidirectional controls, line and paragraph separators, and tag characters, which show
 * nothing to a person and read as ASCII to a model. Joiners and variation selectors belong to ordinary scripts and emoji.
 */
const CONCEALED =
  /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}|\r\n|[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\u{E0000}-\u{E007F}]/gu;
const ORDINARY = new Set(['\r\n', '\n', '\t']);
const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
