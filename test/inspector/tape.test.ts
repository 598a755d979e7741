import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { createStory, type Story, storyAfter } from '../../visualizations/inspector/story.ts';
import { createTape } from '../../visualizations/inspector/tape.ts';

async function framesOfRaces(): Promise<readonly Frame[]> {
  const [source] = await readSource('test/fixtures/recordings/activity-races.ndjson');
  if (!source) throw new Error('nothing to play');
  return (await play(source)).frames;
}

/** What a story shows, in plain data. */
function shownBy(story: Story) {
  const workspaces = [...story.workspaces.values()].map(({ state, ...rest }) => ({
    ...rest,
    seq: state.seq,
    inbox: [...state.inbox.keys()],
    counts: state.counts,
  }));
  return { ...story, workspaces };
}

describe('a tape', () => {
  it('keeps the latest frames only, and what those before them came to', async () => {
    const all = await framesOfRaces();
    const tape = createTape(20);
    for (const [index, frame] of all.entries()) {
      tape.add(frame);
      expect(tape.frames.length).toBeLessThanOrEqual(20);
      expect(tape.before + tape.frames.length).toBe(index + 1);
    }
    expect(all.length).toBeGreaterThan(60);
    for (const place of [0, 1, tape.frames.length]) {
      const until = all.slice(0, tape.before + place);
      expect(shownBy(tape.storyAt(place))).toEqual(shownBy(storyAfter(createStory(), until)));
    }
  });

  it('goes back without changing what it goes back to', async () => {
    const all = await framesOfRaces();
    const tape = createTape(20);
    for (const frame of all) tape.add(frame);
    const before = shownBy(tape.storyAt(0));
    tape.storyAt(tape.frames.length);
    expect(shownBy(tape.storyAt(0))).toEqual(before);
  });

  it('begins anew', async () => {
    const tape = createTape(20);
    for (const frame of await framesOfRaces()) tape.add(frame);
    tape.clear();
    expect([tape.before, tape.frames.length, tape.storyAt(0).workspaces.size]).toEqual([0, 0, 0]);
  });
});
