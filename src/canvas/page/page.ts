/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type CanvasPlatform, createCanvasPlatform } from './platform.ts';
import { readSaid, type Said } from './said.ts';

const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const [chosen, chat, text] = [
  byId<HTMLSelectElement>('workspace'),
  byId<HTMLOListElement>('chat'),
  byId<HTMLTextAreaElement>('text'),
];
const [input, trouble] = [byId<HTMLInputElement>('files'), byId('trouble')];
const LOOK_EVERY_MS = 3_000;
let platform: CanvasPlatform | null = null;
let names: ReadonlyMap<string, string> = new Map();
let files: File[] = [];
let following = new AbortController();

byId<HTMLFormElement>('admission').addEventListener('submit', (event) => {
  event.preventDefault();
  location.hash = `token=${encodeURIComponent(byId<HTMLInputElement>('token').value)}`;
});
addEventListener('hashchange', enter);
byId<HTMLFormElement>('writing').addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void send();
});
chosen.addEventListener('change', open);
input.addEventListener('change', () => {
  drop([...(input.files ?? [])]);
  input.value = '';
});
document.body.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.body.addEventListener('dragleave', () => document.body.classList.remove('over'));
document.body.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  drop([...(event.dataTransfer?.files ?? [])]);
});
enter();
setInterval(() => void look(), LOOK_EVERY_MS);

/** The token stands in the fragment, which no browser sends anywhere. */
function enter(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  byId('admission').hidden = token !== null;
  if (token === null) return;
  platform = createCanvasPlatform(token);
  void look().then(open);
}

/** Who is there, and how. */
async function look(): Promise<void> {
  const workspaces = await attempt(() => platform?.workspaces());
  if (!workspaces) return;
  const { value } = chosen;
  names = new Map(workspaces.map(({ id, name }) => [id, name]));
  chosen.replaceChildren(...workspaces.map(({ id, name }) => new Option(name, id)));
  if (workspaces.some(({ id }) => id === value)) chosen.value = value;
  const status = workspaces.find(({ id }) => id === chosen.value)?.status ?? '';
  byId('presence').textContent = status;
  byId('presence').dataset.status = status;
}

/** Follows the chosen workspace: its feed now, and again whenever its stream says something. */
function open(): void {
  following.abort();
  following = new AbortController();
  const { signal } = following;
  const workspaceId = chosen.value;
  chat.replaceChildren();
  if (workspaceId === '') return;
  void look();
  void (async () => {
    while (!signal.aborted) {
      await show(workspaceId);
      await platform?.follow(workspaceId, () => void show(workspaceId), signal).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
}

async function show(workspaceId: string): Promise<void> {
  const rows = await attempt(() => platform?.rows(workspaceId));
  if (!rows || workspaceId !== chosen.value) return;
  const said = rows.map(readSaid).filter((entry) => entry !== null);
  const known = new Set([...chat.children].map((item) => (item as HTMLElement).dataset.id));
  for (const entry of said) if (!known.has(entry.id)) chat.append(itemOf(workspaceId, entry));
  chat.scrollTop = chat.scrollHeight;
}

/** Everything that was written by anybody becomes text, never markup. */
function itemOf(workspaceId: string, { id, who, peerId, at, text, files }: Said): HTMLLIElement {
  const item = document.createElement('li');
  item.className = who;
  item.dataset.id = id;
  const from = document.createElement('span');
  from.className = 'who';
  const name = peerId === '' ? '' : ` ${names.get(peerId) ?? peerId.slice(0, 8)}`;
  from.textContent = `${who}${name} · ${new Date(at).toLocaleTimeString()}`;
  from.title = at;
  const words = document.createElement('p');
  words.textContent = text;
  item.append(from, words);
  for (const { name, uri } of files) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'file';
    button.textContent = name;
    button.addEventListener('click', () => void save(workspaceId, uri, name));
    item.append(button);
  }
  return item;
}

async function save(workspaceId: string, uri: string, name: string): Promise<void> {
  const blob = await platform?.file(workspaceId, uri.split('/').at(-1) ?? '');
  if (!blob) {
    trouble.textContent = `${name} is no longer on the platform: the agent has taken it`;
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function send(): Promise<void> {
  const [words, sent] = [text.value.trim(), files];
  if ((words === '' && sent.length === 0) || chosen.value === '') return;
  const workspaceId = chosen.value;
  const done = await attempt(async () => {
    await platform?.send(workspaceId, words, sent);
    return true;
  });
  if (!done) return;
  text.value = '';
  drop(null);
  await show(workspaceId);
}

/** Adds files to the next message; null forgets them. */
function drop(added: readonly File[] | null): void {
  files = added === null ? [] : [...files, ...added];
  byId('dropped').replaceChildren(
    ...files.map(({ name }) => {
      const item = document.createElement('li');
      item.textContent = name;
      return item;
    }),
  );
}

async function attempt<Value>(work: () => Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    const value = await work();
    trouble.textContent = '';
    return value;
  } catch (error) {
    trouble.textContent = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}
