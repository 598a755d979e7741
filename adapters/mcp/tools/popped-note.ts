/** What an answer's text says about the message it took out of the inbox. */
export function poppedNote(popped: string | null): string {
  return popped === null ? '' : ` ${popped} is answered and out of the inbox.`;
}
