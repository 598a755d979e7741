/** The text blocks of a tool's result, in order: what a model reads. */
export function toolTexts(result: unknown): string[] {
  const { content } = result as { content: readonly { text: string }[] };
  return content.map(({ text }) => text);
}
