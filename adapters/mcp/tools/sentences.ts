/** Sentences one after the other; what is blank or missing is left out. */
export function sentences(...said: readonly (string | undefined)[]): string {
  return said.filter((sentence) => sentence).join(' ');
}
