/** What comes out of the splitter, in order. */
export interface LineEvents {
  /** One line without its newline; `null` when its bytes are no UTF-8. */
  line(text: string | null): void;
  /** A line passed the cap; the rest of it is skipped. Told once per line, as soon as it is known. */
  tooLong(): void;
}

/** A splitter that is fed chunks as they come. */
export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** The input ended: what stands there without a newline is a line too. */
  end(): void;
}

/**
 * Cuts bytes into lines at the newline byte and only then decodes them, so that a character that two chunks share stays
 * whole (W-21). Memory is bounded by `maxLineBytes` (W-22).
 */
export function createLineSplitter(maxLineBytes: number, events: LineEvents): LineSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pieces: Uint8Array[] = [];
  let length = 0;
  let skipping = false;

  function add(piece: Uint8Array): void {
    if (skipping || piece.length === 0) return;
    if (length + piece.length > maxLineBytes) {
      skipping = true;
      pieces = [];
      length = 0;
      events.tooLong();
      return;
    }
    pieces.push(piece);
    length += piece.length;
  }

  function finish(): void {
    const whole = pieces;
    const skipped = skipping;
    pieces = [];
    length = 0;
    skipping = false;
    if (!skipped) events.line(decode(whole));
  }

  function decode(whole: readonly Uint8Array[]): string | null {
    try {
      return decoder.decode(whole.length === 1 ? whole[0] : Buffer.concat(whole));
    } catch {
      return null;
    }
  }

  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
        add(chunk.subarray(start, at));
        finish();
        start = at + 1;
      }
      add(chunk.subarray(start));
    },
    end() {
      if (length > 0) finish();
    },
  };
}

const NEWLINE = 0x0a;
