/// <reference lib="dom.iterable" />
/// <reference lib="dom" />

import { isSettled } from '../../src/domain/files/upload.ts';
import { initialState, type WaitingMessage } from '../../src/domain/inbox/inbox-state.ts';
import { activeStates, leavesOf } from '../../src/domain/inbox/state-value.ts';
import { createFlow, rowsIn } from './flow.ts';
import { type MachineStory, type Story, takenArrows, type WorkspaceStory } from './story.ts';

/** An element of the page that has to be there. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as Kind;
}

/** Shows a story as it stands, for one workspace, but for the {@link showActive} of its charts. Everything that was written by anybody becomes text, never markup. */
export function draw(story: Story, workspaceId: string): void {
  const workspace = story.workspaces.get(workspaceId) ?? null;
  drawMachine('workspace', workspace?.machine ?? null);
  for (const name of ['delivery', 'supervisor']) drawMachine(name, story.shared.get(name) ?? null);
  drawPipeline(workspace);
  drawInbox(workspace);
  byId<HTMLTimeElement>('at').dateTime = story.at;
  byId('date').textContent = story.at.slice(0, 10);
  byId('time').textContent = story.at.slice(11, 23);
  byId('dropped').textContent = story.dropped === 0 ? '' : `${story.dropped} frames dropped`;
}

/** Brings what was entered last into view where a chart is larger than its place. */
export function showActive(): void {
  for (const entered of document.querySelectorAll<SVGGElement>('.entered')) {
    const chart = entered.closest<HTMLElement>('.chart');
    // A state's own box, not that of what lies in it.
    const box = entered.querySelector('rect')?.getBoundingClientRect();
    const place = chart?.getBoundingClientRect();
    if (!chart || !box || !place || place.width === 0) continue;
    const isInView =
      box.left >= place.left &&
      box.right <= place.right &&
      box.top >= place.top &&
      box.bottom <= place.bottom;
    if (isInView) continue;
    chart.scrollLeft += (box.left + box.right - place.left - place.right) / 2;
    chart.scrollTop += (box.top + box.bottom - place.top - place.bottom) / 2;
  }
}

function drawMachine(name: string, machine: MachineStory | null): void {
  const chart = byId(`chart-${name}`);
  const active = machine === null ? new Set<string>() : activeStates(machine.value);
  for (const state of chart.querySelectorAll<SVGGElement>('[data-state]')) {
    const path = state.dataset.state ?? '';
    state.classList.toggle('active', active.has(path));
    state.classList.toggle('entered', path === machine?.entered);
  }
  const arrows = [...chart.querySelectorAll<SVGGElement>('[data-from]')].map((element) => {
    const { from = '', to = '', events = '' } = element.dataset;
    return { element, from, to, events: events.split('|') };
  });
  const taken = machine === null ? [] : takenArrows(machine, arrows);
  for (const arrow of arrows) arrow.element.classList.toggle('taken', taken.includes(arrow));
  byId(`now-${name}`).textContent =
    machine === null ? 'nothing known yet' : `${leavesOf(machine.value).join(', ')}${causeOf(machine)}`;
}

function causeOf({ event }: MachineStory): string {
  return event === '' ? '' : ` (after: ${event})`;
}

/** What stands where now, and what went through since the state was told: the two columns of the pipeline. */
function drawPipeline(workspace: WorkspaceStory | null): void {
  const state = workspace?.state ?? initialState();
  const flow = workspace?.flow ?? createFlow('', true, state);
  const uploads = [...state.uploads.values()];
  const isOffered = ({ offeredIn }: WaitingMessage) => offeredIn.includes(state.session);
  const counts: Readonly<Record<string, number>> = {
    rows: rowsIn(flow),
    coming: flow.rowsOnTheirWay.size,
    messages: flow.messages,
    files: flow.files,
    skipped: flow.skipped,
    rowless: flow.rowless,
    uploads: uploads.filter(({ outcome }) => !isSettled(outcome)).length,
    staged: uploads.filter(({ outcome }) => outcome.status === 'staged').length,
    held: state.held.size,
    waiting: state.inbox.size,
    'waiting-offered': [...state.inbox.values()].filter(isOffered).length,
    offered: flow.offered,
    popped: flow.popped,
  };
  for (const [name, count] of Object.entries(counts)) byId(`count-${name}`).textContent = String(count);
  byId('since').textContent = flow.since.slice(11, 19);
  const came = flow.messages + flow.rowless;
  byId('sum').textContent =
    `${flow.waitedAtFirst} waiting at first + ${came} that came = ` +
    `${state.held.size} held + ${state.inbox.size} in the inbox + ${flow.popped} popped`;
  byId('presence').textContent = presenceOf(workspace);
}

function presenceOf(workspace: WorkspaceStory | null): string {
  const { machine, state, lastFailure } = workspace ?? {};
  const online = machine ? activeStates(machine.value).has('online') : false;
  return [
    online ? 'online' : 'not online',
    state?.registeredAs ? `registered (${state.registeredAs})` : '',
    state && state.access !== 'unknown' && state.access !== 'accepted' ? `access ${state.access}` : '',
    lastFailure ? `last failure ${lastFailure}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function drawInbox(workspace: WorkspaceStory | null): void {
  const shown = [...(workspace?.state.inbox.values() ?? [])].slice(0, SHOWN_MESSAGES);
  byId('inbox').replaceChildren(
    ...shown.map(({ message, files }) => {
      const item = document.createElement('li');
      const from = document.createElement('span');
      from.className = 'from';
      from.textContent = `${message.kind.replace('_', ' ')} · ${message.created_at}`;
      const text = document.createElement('p');
      text.textContent = message.text;
      item.append(from, text);
      for (const { name } of files) {
        const file = document.createElement('span');
        file.className = 'file';
        file.textContent = name;
        item.append(file);
      }
      return item;
    }),
  );
  byId('inbox-count').textContent = String(workspace?.state.inbox.size ?? 0);
  byId('inbox-empty').hidden = shown.length > 0;
}

const SHOWN_MESSAGES = 100;
