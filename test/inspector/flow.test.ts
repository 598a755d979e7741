import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { fold } from '../../src/domain/inbox/inbox-evolve.ts';
import { stateToJson } from '../../src/domain/inbox/state-json.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { rowsIn } from '../../visualizations/inspector/flow.ts';
import { createStory, type Story, tell } from '../../visualizations/inspector/story.ts';

const FOLDER = 'test/fixtures/recordings';
const RECORDINGS = ['', 'head/'].flatMap((generation) =>
  readdirSync(`${FOLDER}/${generation}`)
    .filter((name) => /^activity-.*\.ndjson$/.test(name))
    .map((name) => `${FOLDER}/${generation}${name}`),
);

/** What a page sees that opens after so many frames: where things stand, and then the rest. */
function seenFrom(place: number, frames: readonly Frame[]): readonly Frame[] {
  const { at = '', workspaceId = '' } = frames[0] ?? {};
  const events = frames
    .slice(0, place)
    .flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []));
  const state = stateToJson(fold(events));
  return [{ type: 'ledger.opened', at, workspaceId, data: { state } }, ...frames.slice(place)];
}

function expectSums(story: Story): void {
  for (const { state, flow } of story.workspaces.values()) {
    const { waitedAtFirst, messages, rowless, popped } = flow;
    expect(waitedAtFirst + messages + rowless).toBe(state.held.size + state.inbox.size + popped);
  }
}

describe.each(RECORDINGS)('the counts of a page that shows %s', (path) => {
  it.each([0, 1, 2])('add up at every moment, however late it was opened (%d thirds)', async (thirds) => {
    for (const source of await readSource(path)) {
      const { frames } = await play(source);
      const story = createStory();
      // Between a row and what comes of it nobody can say so: a page opens before a read or behind it.
      const reads = frames.flatMap(({ type }, index) => (type === 'reply.received' ? [index] : []));
      const place = reads[Math.floor((reads.length * thirds) / 3)] ?? 0;
      let served = 0;
      for (const frame of seenFrom(place, frames)) {
        tell(story, frame);
        expectSums(story);
        if (frame.type === 'row.served') served += 1;
      }
      const [workspace] = story.workspaces.values();
      if (!workspace) throw new Error('no workspace');
      const { flow } = workspace;
      expect(flow.rowsOnTheirWay.size).toBe(0);
      expect(rowsIn(flow)).toBeLessThanOrEqual(served);
      if (thirds === 0) expect(rowsIn(flow)).toBe(served);
    }
  });

  it('are the same from the log alone', async () => {
    for (const source of await readSource(path)) {
      const { frames } = await play(source);
      const [whole, fromLog] = [createStory(), createStory(false)];
      for (const frame of seenFrom(0, frames)) {
        tell(whole, frame);
        if (frame.type !== 'row.served') tell(fromLog, frame);
      }
      const [[seen], [logged]] = [[...whole.workspaces.values()], [...fromLog.workspaces.values()]];
      expect({ ...logged?.flow, tellsRows: true }).toEqual(seen?.flow);
    }
  });
});
