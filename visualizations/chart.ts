import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type DirectedGraphNode, toDirectedGraph } from 'xstate/graph';

/** A machine as plain data, ready to be drawn by whatever draws: no functions, no references, nothing of a context. */
export interface ChartState {
  /** The path of keys from the root, joined by dots; empty for the machine itself. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final';
  /** Ids of the children that are entered with it. */
  readonly initial: readonly string[];
  /** The actors that run while it is active. */
  readonly works: readonly string[];
  readonly transitions: readonly ChartTransition[];
  readonly children: readonly ChartState[];
}

/** What one event leads to. */
export interface ChartTransition {
  /** Ids of the states that are entered; none when the event is taken in without leaving. */
  readonly to: readonly string[];
  /** In words: `feed.wake`, `after poll rest`, `poll done`, `poll failed`; empty when it happens by itself. */
  readonly event: string;
  /** What has to be true, in words; null when nothing has to. */
  readonly guard: string | null;
  /** Names of what is done on the way. */
  readonly actions: readonly string[];
}

/** Reads a machine's chart; the same machine gives the same chart. */
export function readChart(machine: AnyStateMachine): ChartState {
  return readState(toDirectedGraph(machine));
}

function readState({ stateNode, children, edges }: DirectedGraphNode): ChartState {
  const outer = [...new Set(edges.map(({ transition }) => transition))];
  return {
    id: idOf(stateNode),
    name: stateNode.key,
    kind: stateNode.type === 'history' ? 'atomic' : stateNode.type,
    initial: initialOf(stateNode).map(idOf),
    works: stateNode.invoke.map(({ src }) => (typeof src === 'string' ? src : 'an unnamed actor')),
    transitions: [...outer, ...(stateNode.always ?? [])].map((transition) =>
      readTransition(stateNode, transition),
    ),
    children: children.map(readState),
  };
}

function readTransition(source: AnyStateNode, transition: AnyTransitionDefinition): ChartTransition {
  return {
    to: (transition.target ?? []).map(idOf),
    event: inWords(source, transition.eventType),
    guard: nameOf(transition.guard),
    actions: transition.actions.map(nameOf).filter((name) => name !== null),
  };
}

function initialOf(stateNode: AnyStateNode): readonly AnyStateNode[] {
  if (stateNode.type === 'parallel') return Object.values(stateNode.states);
  return stateNode.type === 'compound' ? stateNode.initial.target : [];
}

function idOf({ path }: AnyStateNode): string {
  return path.join('.');
}

/** XState's own events, as a person would say them. */
function inWords(source: AnyStateNode, eventType: string): string {
  const [, what = '', rest = ''] = /^xstate\.(after|done\.actor|error\.actor)\.(.*)$/.exec(eventType) ?? [];
  if (what === 'after') return `after ${rest.slice(0, -`.${source.id}`.length)}`;
  if (what === 'done.actor') return `${rest} done`;
  return what === 'error.actor' ? `${rest} failed` : eventType;
}

/** The name of an action or a guard; an inline one has none. */
function nameOf(named: unknown): string | null {
  if (named === undefined) return null;
  if (typeof named === 'string') return named;
  const { type } = named as { readonly type?: unknown };
  return typeof type === 'string' ? type : null;
}
