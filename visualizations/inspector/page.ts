/// <reference lib="dom" />
import type { Frame } from '../../src/domain/inbox/frame.ts';
import type { StateValue } from '../../src/domain/inbox/state-value.ts';
import { byId, draw, showActive } from './draw.ts';
import { type Story, tell } from './story.ts';
import { createTape } from './tape.ts';
import { lineOf } from './words.ts';

/** The page: frames that stand in it (a report), or that come from beside it (the live inspector). */
const recorded: Frame[] = JSON.parse(byId('frames').textContent || '[]');
const isLive = document.body.dataset.mode === 'live';
const LIVE_FRAMES = 10_000;
const SHOWN_LINES = 200;
const tellsRows = isLive || recorded.some(({ type }) => type === 'row.served');
const tape = createTape(isLive ? LIVE_FRAMES : recorded.length, tellsRows);
for (const frame of recorded) tape.add(frame);
const { frames } = tape;
const scrubber = byId<HTMLInputElement>('scrubber');
const chosen = byId<HTMLSelectElement>('workspace');
let story: Story = tape.storyAt(frames.length);
/** Whether the scrubber stands at the end, and follows it. */
let follows = true;
/** Whether the charts are moved to what was entered last. */
let followsChart = true;
let isDue = false;

scrubber.addEventListener('input', () => {
  const place = Number(scrubber.value);
  follows = place === frames.length;
  story = tape.storyAt(place);
  show();
});
byId('back').addEventListener('click', () => step(-1));
byId('forth').addEventListener('click', () => step(1));
byId('end').addEventListener('click', () => step(frames.length));
chosen.addEventListener('change', show);
byId('log').addEventListener('click', (event) => {
  const place = (event.target as HTMLElement).closest('button')?.dataset.place;
  if (place !== undefined) go(Number(place));
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-chart]')) {
  button.addEventListener('click', () => {
    for (const other of document.querySelectorAll<HTMLButtonElement>('[data-chart]')) {
      other.setAttribute('aria-pressed', String(other === button));
      byId(`panel-${other.dataset.chart}`).hidden = other !== button;
    }
    showActive();
  });
}
byId('zoom').addEventListener('click', () => {
  byId('zoom').setAttribute('aria-pressed', String(byId('charts').classList.toggle('whole')));
  showActive();
});
byId('follow').addEventListener('click', () => setFollowing(!followsChart));
// Whoever moves a chart wants to look at that part of it.
for (const gesture of ['wheel', 'pointerdown', 'touchstart']) {
  for (const chart of document.querySelectorAll('.chart'))
    chart.addEventListener(gesture, () => setFollowing(false), { passive: true });
}
show();
if (isLive) follow();

function setFollowing(following: boolean): void {
  followsChart = following;
  byId('follow').setAttribute('aria-pressed', String(following));
  if (following) showActive();
}

function step(by: number): void {
  go(Math.max(0, Math.min(frames.length, Number(scrubber.value) + by)));
}

function go(place: number): void {
  scrubber.value = String(place);
  scrubber.dispatchEvent(new Event('input'));
}

function follow(): void {
  const source = new EventSource('frames');
  source.onopen = () => {
    // Whoever connects anew is told everything anew.
    tape.clear();
    follows = true;
    story = tape.storyAt(0);
    byId('connection').textContent = 'live';
    showSoon();
  };
  source.onerror = () => {
    byId('connection').textContent = 'not connected: the bridge has ended, or its inspector was turned off';
  };
  source.onmessage = ({ data }: MessageEvent<string>) => {
    const frame = JSON.parse(data) as Frame;
    tape.add(frame);
    if (follows) tell(story, frame);
    // The moment that is shown may have been let go.
    else if (story.frames < tape.before) story = tape.storyAt(0);
    showSoon();
  };
}

/** At most once a picture: a flood of frames is one drawing. */
function showSoon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
}

function show(): void {
  scrubber.max = String(frames.length);
  scrubber.value = String(story.frames - tape.before);
  const place = `${story.frames} / ${tape.before + frames.length}`;
  scrubber.setAttribute('aria-valuetext', `frame ${place}, ${story.at}`);
  byId('place').textContent = place;
  showWorkspaces();
  draw(story, chosen.value);
  if (followsChart) showActive();
  showLog();
}

function showWorkspaces(): void {
  const ids = [...new Set([...storyIds(), ...[...chosen.options].map(({ value }) => value)])];
  if (ids.length === chosen.options.length) return;
  const { value } = chosen;
  chosen.replaceChildren(...ids.map((id) => new Option(id === '' ? 'the log’s workspace' : id, id)));
  chosen.value = ids.includes(value) ? value : (ids[0] ?? '');
}

function storyIds(): Iterable<string> {
  return story.workspaces.keys();
}

/** The latest frames up to where the scrubber stands, the newest on top. */
function showLog(): void {
  const place = story.frames - tape.before;
  const first = Math.max(0, place - SHOWN_LINES);
  const places = new Map<string, StateValue>();
  const lines = frames.slice(first, place).map((frame, index) => {
    const machine = frame.type === 'machine.moved' ? `${frame.data.machine} ${frame.workspaceId}` : '';
    const { kind, text } = lineOf(frame, places.get(machine) ?? null);
    if (frame.type === 'machine.moved') places.set(machine, frame.data.value);
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.dataset.place = String(first + index + 1);
    button.className = kind;
    const time = document.createElement('time');
    time.textContent = frame.at.slice(11, 23);
    button.append(time, ` ${text}`);
    item.append(button);
    return item;
  });
  const log = byId('log');
  const focused = log.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset.place
    : undefined;
  log.replaceChildren(...lines.reverse());
  // Whoever goes through the list by keyboard stays where they are in it.
  if (focused !== undefined) log.querySelector<HTMLElement>(`[data-place="${focused}"]`)?.focus();
}
