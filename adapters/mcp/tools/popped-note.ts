/** What an answer's text says about the message that it names: out of the inbox, or to be popped by hand. Blank for none. */
export function poppedNote(popped: string | null, replyTo?: string): string {
  if (popped !== null) return `${popped} is answered and out of the inbox.`;
  if (!replyTo) return '';
  return `The answer was accepted, but message ${replyTo} could not be taken out of the inbox: call inbox_pop for it, and do not answer it again.`;
}
