import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

/** Asks a person at a terminal. Lines that were typed or pasted ahead are taken in their turn. */
export interface Asker {
  /** Resolves with a line, trimmed; what stands in brackets is taken when it is empty. Rejects when the input ends. */
  ask(question: string, suggestion?: string): Promise<string>;
  /** As {@link Asker.ask}; what is typed is not shown. */
  askSecret(question: string): Promise<string>;
  close(): void;
}

/** Where a person types and reads. */
export interface Terminal {
  readonly input: Readable;
  readonly output: NodeJS.WritableStream;
}

/** An asker on a terminal. */
export function createAsker({ input, output }: Terminal): Asker {
  // Only the answer to a question that shows it is shown: what is typed ahead may be a token.
  let hidden = true;
  const screen = new Writable({
    write(chunk, encoding, done) {
      if (!hidden) output.write(chunk, encoding);
      done();
    },
  });
  const reader = createInterface({ input, output: screen, terminal: true });
  reader.on('line', () => {
    hidden = true;
  });
  const lines = reader[Symbol.asyncIterator]();

  async function answerTo(question: string, shown: boolean): Promise<string> {
    output.write(`${question}: `);
    hidden = !shown;
    const line = await lines.next();
    if (line.done) throw new Error('the input ended before everything was answered');
    return line.value.trim();
  }

  return {
    ask: async (question, suggestion = '') =>
      (await answerTo(suggestion === '' ? question : `${question} [${suggestion}]`, true)) || suggestion,
    async askSecret(question) {
      const secret = await answerTo(`${question} (not shown)`, false);
      output.write('\n');
      return secret;
    },
    close: () => reader.close(),
  };
}
