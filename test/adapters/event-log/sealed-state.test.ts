import { describe, expect, it } from 'vitest';
import { openLine } from '../../../adapters/event-log/line.ts';
import { sealState } from '../../../adapters/event-log/sealed-state.ts';
import { fold } from '../../../src/domain/inbox/inbox-evolve.ts';
import { stateToJson } from '../../../src/domain/inbox/state-json.ts';
import { numbered, received } from '../../support/log-events.ts';

describe('a state written in slices', () => {
  it('is one line, each slice little more than 64 KiB, made only when asked for', async () => {
    const events = Array.from({ length: 2000 }, (_, number) =>
      received(number, `é${'x'.repeat(500)}`),
    ).flat();
    const state = stateToJson(fold(numbered(0, events)));
    const slices = [];
    for await (const slice of sealState({ v: 1, log: 'id' }, state, new AbortController().signal))
      slices.push(slice);
    expect(slices.length).toBeGreaterThan(15);
    for (const slice of slices) expect(slice.byteLength).toBeLessThan(66 * 1024);
    const text = Buffer.concat(slices).toString('latin1');
    expect(text.indexOf('\n')).toBe(text.length - 1);
    expect(openLine(text.slice(0, -1))).toEqual({ v: 1, log: 'id', state });
  });
});
