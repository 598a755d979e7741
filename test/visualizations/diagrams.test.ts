import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { workspaceMachine } from '../../machines/workspace.ts';
import { type ChartState, readChart } from '../../visualizations/chart.ts';
import { drawDiagrams, drawSvgs } from '../../visualizations/diagrams.ts';
import { toMermaid } from '../../visualizations/mermaid.ts';

const folder = new URL('../../visualizations/', import.meta.url);

describe('the statecharts in visualizations/', () => {
  it.each(drawDiagrams())(
    '$fileName is what the machines say (else: npm run visualize)',
    ({ fileName, text }) => {
      expect(readFileSync(new URL(fileName, folder), 'utf8')).toBe(text);
    },
  );

  it('are drawn as SVG, laid out as the code says (else: npm run visualize)', async () => {
    const drawn = await drawSvgs();
    for (const { fileName, text } of drawn) {
      expect(readFileSync(new URL(fileName, folder), 'utf8') === text, fileName).toBe(true);
    }
    expect(drawn[0]?.text).toContain('data-state="online.feed.reading.polling"');
  });

  it('hold nothing that no machine stands behind', () => {
    const drawn = drawDiagrams().flatMap(({ fileName }) => [fileName, fileName.replace('.mmd', '.svg')]);
    const kept = readdirSync(folder).filter((name) => /\.(mmd|md|svg)$/.test(name));
    expect(kept.sort()).toEqual([...new Set(drawn)].sort());
  });
});

describe('readChart', () => {
  it('finds every state and leads every transition to one of them', () => {
    const states = flatten(readChart(workspaceMachine));
    const ids = new Set(states.map(({ id }) => id));
    expect(ids.size).toBe(states.length);
    expect(ids).toContain('online.feed.reading.polling');
    for (const { transitions, initial } of states) {
      for (const id of [...initial, ...transitions.flatMap(({ to }) => to)]) expect(ids).toContain(id);
    }
  });

  it('says events in words and names what runs', () => {
    const polling = flatten(readChart(workspaceMachine)).find(
      ({ id }) => id === 'online.feed.reading.polling',
    );
    expect(polling?.works).toEqual(['readFeed']);
    expect(polling?.transitions.map(({ event }) => event)).toEqual([
      'feed.wake',
      'wakeUps.opened',
      'clock.jumped',
      'poll done',
      'poll failed',
      'poll failed',
      'poll failed',
      'poll failed',
      'after poll deadline',
    ]);
    expect(polling?.transitions[4]).toMatchObject({
      guard: 'cursor is gone',
      to: ['online.feed.reading.recovering'],
    });
  });
});

describe('toMermaid', () => {
  it('draws states, starts, ends, guards, remarks and what can happen anywhere', () => {
    const machine = setup({
      actions: { 'ring it': () => {} },
      guards: { 'it is late': () => true },
    }).createMachine({
      id: 'bell',
      initial: 'quiet',
      on: { stop: { target: '.broken' } },
      states: {
        quiet: {
          on: { ring: { target: 'loud' }, tick: { actions: 'ring it' } },
          after: { 5: { target: 'loud' } },
        },
        loud: { always: { guard: 'it is late', target: 'quiet' } },
        broken: { type: 'final' },
      },
    });
    expect(toMermaid(readChart(machine))).toBe(`stateDiagram-v2
  [*] --> quiet_
  state "quiet" as quiet_
  quiet_ : tick / ring it
  state "loud" as loud_
  state "broken" as broken_
  broken_ --> [*]
  quiet_ --> loud_ : ring<br/>after 5
  loud_ --> quiet_ : [it is late]
  state "anywhere" as anywhere
  anywhere --> broken_ : stop
`);
  });

  it('draws arrows between neighbours only, since Mermaid lays out no others, and names the inner states', () => {
    const machine = setup({}).createMachine({
      id: 'house',
      initial: 'inside',
      states: {
        inside: {
          initial: 'kitchen',
          states: { kitchen: { on: { fire: { target: '#house.outside.street' } } } },
        },
        outside: { initial: 'garden', states: { garden: {}, street: {} } },
      },
    });
    expect(toMermaid(readChart(machine))).toContain('inside_ --> outside_ : kitchen, fire, to street');
    for (const { fileName, text } of drawDiagrams().filter(({ fileName }) => fileName.endsWith('.mmd'))) {
      const depth = new Map<string, string>();
      for (const line of text.split('\n')) {
        const declared = /^( *)state ".*" as (\w+)/.exec(line);
        if (declared) depth.set(declared[2] ?? '', declared[1] ?? '');
      }
      for (const [, from = '', to = ''] of text.matchAll(/^ *(\w+) --> (\w+)/gm)) {
        expect(depth.get(to), `${fileName}: ${from} --> ${to}`).toBe(depth.get(from));
      }
    }
  });

  it('loses no transition of the workspace machine', () => {
    const chart = readChart(workspaceMachine);
    const text = toMermaid(chart);
    for (const { transitions } of flatten(chart)) {
      for (const { event, guard } of transitions) {
        expect(text).toContain([event, guard && `[${guard}]`].filter(Boolean).join(' '));
      }
    }
  });
});

function flatten(state: ChartState): ChartState[] {
  return [state, ...state.children.flatMap(flatten)];
}
