/**
 * The message as a server of May can store it. That server cuts the row's summary at byte 80 (§5.2); where this splits a
 * character the row is refused, and the user no longer finds the message after a reload: in Chinese, nearly any message
 * of 27 characters and more. One to three spaces before the text move the cut to an edge and show nowhere.
 */
export function padForSummary(message: string): string {
  const bytes = Buffer.from(message, 'utf8');
  if (bytes.length <= SUMMARY_BYTES) return message;
  for (let spaces = 0; spaces < 4; spaces += 1) {
    if (beginsCharacter(bytes[SUMMARY_BYTES - spaces])) return ' '.repeat(spaces) + message;
  }
  return message;
}

function beginsCharacter(byte = 0): boolean {
  return (byte & 0b1100_0000) !== 0b1000_0000;
}

const SUMMARY_BYTES = 80;
