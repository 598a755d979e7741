/** Where a table is shown: on a terminal, or in a file or pipe, where no line is broken and nothing is coloured. */
export interface Terminal {
  /** Null for as wide as a line may be. */
  readonly columns: number | null;
  readonly colours: boolean;
}

/** What a stream shows on; `NO_COLOR` and a dumb terminal are heeded. */
export function terminalOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  if (!stream.isTTY) return { columns: null, colours: false };
  return { columns: stream.columns || null, colours: !env.NO_COLOR && env.TERM !== 'dumb' };
}

/** A text as lines of at most so many characters, broken at spaces; a longer word keeps a line to itself. */
export function wrap(text: string, columns: number | null): string[] {
  if (columns === null) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > columns) lines.push(line);
    line = line !== '' && longer.length > columns ? word : longer;
  }
  return [...lines, line];
}
