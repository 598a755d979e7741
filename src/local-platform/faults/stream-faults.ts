import type { OpenStream } from '../http/reply.ts';

/**
 * How the wake-up stream behaves: as it should, not there (404), connected but without any event, or held back by a
 * proxy that buffers.
 */
export type StreamMode = 'normal' | 'absent' | 'silent' | 'buffered';

/** Faults of the wake-up stream (§12.1). */
export interface StreamFaults {
  /** Applies to streams that are open and to those that come. */
  mode: StreamMode;
  /** How many streams are open. */
  readonly open: number;
  /** Ends every open stream. */
  cut(): void;
  /** Sends what a buffering proxy holds back. */
  flush(): void;
}

/** The faults, and the wrapping of each stream that the server opens. */
export interface StreamFaultsAtWork extends StreamFaults {
  /** Takes part in a new stream; gives the way to write to it. */
  wrap(stream: OpenStream): (text: string) => void;
}

/** A stream that behaves. */
export function createStreamFaults(): StreamFaultsAtWork {
  const open = new Map<OpenStream, string[]>();
  return {
    mode: 'normal',
    get open() {
      return open.size;
    },
    cut() {
      for (const stream of [...open.keys()]) stream.cut();
    },
    flush() {
      for (const [stream, held] of open) for (const text of held.splice(0)) stream.write(text);
    },
    wrap(stream) {
      const held: string[] = [];
      open.set(stream, held);
      stream.onClose(() => open.delete(stream));
      return (text) => {
        if (this.mode === 'silent') return;
        if (this.mode === 'buffered') held.push(text);
        else stream.write(text);
      };
    },
  };
}
