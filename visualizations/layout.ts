import ElkConstructor, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { ChartState, ChartTransition } from './chart.ts';

/** A chart with a place for everything, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Outer states before those in them. */
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A state's rectangle. */
export interface Box {
  readonly state: ChartState;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The line for all transitions from one state to another, and where its label stands: a line of text for each. */
export interface Arrow extends Way {
  readonly points: readonly Point[];
  readonly label: Point | null;
}

/** Every transition that leads from one state to another. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly transitions: readonly ChartTransition[];
}

/** A place in the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The id of the state from which transitions leave that are taken in whatever state the machine is. */
export const ANYWHERE = 'anywhere';

/** Lays a chart out with ELK's layered algorithm; the same chart comes to the same layout. */
export async function layOut(chart: ChartState): Promise<Layout> {
  const states = new Map<string, ChartState>();
  const ways = new Map<string, Way>();
  const anywhere: ChartState = { ...chart, id: ANYWHERE, name: 'anywhere', kind: 'atomic', children: [] };
  const top = leavesSomewhere(chart) ? [...chart.children, anywhere] : chart.children;
  const graph = await new Elk().layout({
    id: 'root',
    layoutOptions: OPTIONS,
    children: top.map((state) => nodeOf(state, states)),
    edges: [...states.values()].flatMap((state) => edgesOf(state, ways)),
  });
  const arrows = (graph.edges ?? []).flatMap((edge) => arrowOf(edge, ways));
  return {
    width: Math.ceil(graph.width ?? 0),
    height: Math.ceil(graph.height ?? 0),
    boxes: (graph.children ?? []).flatMap((node) => boxesOf(node, states)),
    arrows,
  };
}

function leavesSomewhere({ transitions }: ChartState): boolean {
  return transitions.some(({ to }) => to.length > 0);
}

function nodeOf(state: ChartState, states: Map<string, ChartState>): ElkNode {
  states.set(state.id, state);
  const width = Math.max(...[state.name, ...state.works].map((line) => line.length * CHAR_WIDTH)) + 24;
  const height = 30 + state.works.length * LINE_HEIGHT;
  if (state.children.length === 0) return { id: state.id, width, height };
  return {
    id: state.id,
    layoutOptions: { 'elk.padding': `[top=${height + 8},left=14,bottom=14,right=14]` },
    children: state.children.map((child) => nodeOf(child, states)),
  };
}

function edgesOf(state: ChartState, ways: Map<string, Way>): ElkExtendedEdge[] {
  const targets = [...new Set(state.transitions.flatMap(({ to }) => to))];
  return targets.map((to) => {
    const id = `${state.id} > ${to}`;
    const transitions = state.transitions.filter((transition) => transition.to.includes(to));
    ways.set(id, { from: state.id, to, transitions });
    const lines = linesOf(transitions);
    const width = Math.max(...lines.map((line) => line.length * CHAR_WIDTH));
    const label = { id: `${id} label`, text: lines.join(' '), width, height: lines.length * LABEL_HEIGHT };
    return { id, sources: [state.id], targets: [to], labels: lines.length === 0 ? [] : [label] };
  });
}

/** The lines of an arrow's label, each once. */
export function linesOf(transitions: readonly ChartTransition[]): string[] {
  return [...new Set(transitions.map(labelOf))].filter((line) => line !== '');
}

/** The event, or the guard of a transition that is taken by itself. */
function labelOf({ event, guard }: ChartTransition): string {
  return event === '' ? (guard === null ? '' : `[${guard}]`) : event;
}

function boxesOf(node: ElkNode, states: Map<string, ChartState>): Box[] {
  const state = states.get(node.id);
  if (!state) return [];
  const { x = 0, y = 0, width = 0, height = 0 } = node;
  return [
    { state, x, y, width, height },
    ...(node.children ?? []).flatMap((child) => boxesOf(child, states)),
  ];
}

function arrowOf(edge: ElkExtendedEdge, ways: ReadonlyMap<string, Way>): Arrow[] {
  const way = ways.get(edge.id);
  const [section] = edge.sections ?? [];
  if (!way || !section) return [];
  const [label] = edge.labels ?? [];
  return [
    {
      ...way,
      points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
      label: label === undefined ? null : { x: label.x ?? 0, y: label.y ?? 0 },
    },
  ];
}

// The package's types describe its default export as a namespace under Node's rules; it is the class.
const Elk = ElkConstructor as unknown as new () => { layout(graph: ElkNode): Promise<ElkNode> };

/** The height of a line at an arrow, pixels. */
export const LABEL_HEIGHT = 12;
const CHAR_WIDTH = 5.6;
const LINE_HEIGHT = 14;
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.spacing.nodeNodeBetweenLayers': '22',
  'elk.layered.spacing.edgeNodeBetweenLayers': '10',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
  'elk.spacing.nodeNode': '18',
  'elk.spacing.edgeNode': '10',
  'elk.spacing.edgeEdge': '8',
  'elk.spacing.edgeLabel': '2',
  'elk.randomSeed': '1',
};
