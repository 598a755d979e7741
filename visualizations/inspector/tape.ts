import type { Frame } from '../../src/domain/inbox/frame.ts';
import { createStory, type Story, storyAfter, tell } from './story.ts';

/** The latest frames of a run, and what those before them came to: a page that is left open stays as light as it is. */
export interface Tape {
  /** Oldest first. */
  readonly frames: readonly Frame[];
  /** Frames that were let go. */
  readonly before: number;
  /** Adds a frame, and lets older ones go for it. */
  add(frame: Frame): void;
  /** The story after the first `place` of the kept frames. */
  storyAt(place: number): Story;
  /** Begins anew. */
  clear(): void;
}

/** A tape of at most `maxFrames`; a tenth of them is let go at a time. `tellsRows` is that of {@link Story}. */
export function createTape(maxFrames: number, tellsRows = true): Tape {
  const frames: Frame[] = [];
  let beginning = createStory(tellsRows);

  return {
    frames,
    get before() {
      return beginning.frames;
    },
    add(frame) {
      frames.push(frame);
      if (frames.length <= maxFrames) return;
      for (const old of frames.splice(0, Math.ceil(maxFrames / 10))) tell(beginning, old);
    },
    storyAt: (place) => storyAfter(beginning, frames.slice(0, place)),
    clear() {
      frames.length = 0;
      beginning = createStory(tellsRows);
    },
  };
}
