import type { ChartState, ChartTransition } from './chart.ts';

/**
 * Draws a chart as a Mermaid `stateDiagram-v2`: every state with the actors that run in it, every transition with its
 * event and guard. What the machine itself reacts to, whatever state it is in, leaves from a state called `anywhere`.
 *
 * Mermaid lays out no arrow that leaves a state for the inside of another, nor a loop on a state that holds others:
 * the one is drawn between their outermost states and names the inner ones, the other is told in a remark.
 */
export function toMermaid(chart: ChartState): string {
  const lines = [
    'stateDiagram-v2',
    ...indent([...drawInside(chart, arrowsOf(chart)), ...drawAnywhere(chart)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** An arrow between two neighbours. */
interface Arrow {
  /** Id of the state that holds both. */
  readonly within: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

function drawInside(parent: ChartState, arrows: readonly Arrow[]): string[] {
  const drawn = parent.children.map((child) => drawState(child, arrows));
  if (parent.kind === 'parallel')
    return drawn.flatMap((lines, index) => (index === 0 ? lines : ['--', ...lines]));
  return [
    ...parent.initial.map((id) => `[*] --> ${nodeName(id)}`),
    ...drawn.flat(),
    ...drawArrows(arrows.filter(({ within }) => within === parent.id)),
  ];
}

function drawState(state: ChartState, arrows: readonly Arrow[]): string[] {
  const name = nodeName(state.id);
  const declaration = `state "${plain(state.name)}" as ${name}`;
  const remarks = remarksOf(state);
  if (state.children.length === 0) {
    const end = state.kind === 'final' ? [`${name} --> [*]`] : [];
    return [declaration, ...remarks.map((remark) => `${name} : ${remark}`), ...end];
  }
  const note = remarks.length === 0 ? [] : [`note right of ${name}`, ...indent(remarks), 'end note'];
  return [`${declaration} {`, ...indent(drawInside(state, arrows)), '}', ...note];
}

function drawAnywhere(chart: ChartState): string[] {
  if (chart.transitions.length === 0) return [];
  const remarks = remarksOf(chart).map((remark) => `anywhere : ${remark}`);
  const arrows = chart.transitions.flatMap((transition) =>
    transition.to.map((to) => ({
      within: '',
      from: 'anywhere',
      to: nodeName(to),
      label: labelOf(transition),
    })),
  );
  return ['state "anywhere" as anywhere', ...remarks, ...drawArrows(arrows)];
}

/** One arrow for all that leads from one state to another. */
function drawArrows(arrows: readonly Arrow[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, to, label } of arrows) {
    const ends = `${from} --> ${to}`;
    labels.set(
      ends,
      [...(labels.get(ends) ?? []), label].filter((text) => text !== ''),
    );
  }
  return [...labels].map(([ends, all]) => (all.length === 0 ? ends : `${ends} : ${all.join('<br/>')}`));
}

function arrowsOf(state: ChartState): Arrow[] {
  const own = state.transitions.flatMap((transition) =>
    transition.to
      .filter((to) => isArrow(state, to))
      .map((to) => arrowBetween(state.id, to, labelOf(transition))),
  );
  return [...(state.id === '' ? [] : own), ...state.children.flatMap(arrowsOf)];
}

function arrowBetween(source: string, target: string, label: string): Arrow {
  const from = source.split('.');
  const to = target.split('.');
  let shared = 0;
  while (from[shared] === to[shared] && shared < Math.min(from.length, to.length) - 1) shared += 1;
  const inner = from.slice(shared + 1).join('.');
  const reached = to.slice(shared + 1).join('.');
  return {
    within: from.slice(0, shared).join('.'),
    from: nodeName(from.slice(0, shared + 1).join('.')),
    to: nodeName(to.slice(0, shared + 1).join('.')),
    label: [inner, label, reached && `to ${reached}`].filter((part) => part !== '').join(', '),
  };
}

/** Whether a transition can be drawn: to oneself only from a state that holds no others, and never to one's inside. */
function isArrow(state: ChartState, to: string): boolean {
  if (to === state.id) return state.children.length === 0;
  return !to.startsWith(`${state.id}.`) && !state.id.startsWith(`${to}.`);
}

function remarksOf(state: ChartState): string[] {
  const works = state.works.map((work) => `runs ${plain(work)}`);
  const told = state.transitions.filter(({ to }) =>
    state.id === '' ? to.length === 0 : !to.some((id) => isArrow(state, id)),
  );
  return [...works, ...told.map((transition) => remarkOn(transition))];
}

function remarkOn({ to, actions, ...transition }: ChartTransition): string {
  const effects = [...to.map((id) => `to ${id}`), ...actions.map(plain)];
  const label = labelOf(transition);
  return effects.length === 0 ? `ignores ${label}` : `${label} / ${effects.join(', ')}`;
}

function labelOf({ event, guard }: Pick<ChartTransition, 'event' | 'guard'>): string {
  return [plain(event), guard === null ? '' : `[${plain(guard)}]`].filter((part) => part !== '').join(' ');
}

/** Mermaid's names are words; `_` keeps an id like `end` or `state` from being one of Mermaid's own. */
function nodeName(id: string): string {
  return `${id.replaceAll(/\W/g, '_')}_`;
}

/** Characters that would end a label. */
function plain(text: string): string {
  return text.replaceAll(/[:;#"<>\n]/g, ' ');
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
