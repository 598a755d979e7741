/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { createChat } from './chat.ts';
import { createDraft } from './draft.ts';
import { type CanvasPlatform, createCanvasPlatform, Refusal, type WorkspaceView } from './platform.ts';
import { readSaid, type Said } from './said.ts';
import { createTroubles } from './troubles.ts';

const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const [chosen, text] = [byId<HTMLSelectElement>('workspace'), byId<HTMLTextAreaElement>('text')];
const [writing, files] = [byId<HTMLFormElement>('writing'), byId<HTMLInputElement>('files')];
const troubles = createTroubles(byId('trouble'), byId('dismiss'));
const draft = createDraft(showFiles);
const chat = createChat({
  list: byId('chat'),
  nothing: byId('nothing'),
  nameOf: (peerId) => listed.find(({ id }) => id === peerId)?.name ?? peerId.slice(0, 8),
  onFile: (file) => void troubles.attempt('not saved', () => save(file)),
});
const LOOK_EVERY_MS = 3_000;
const FOLLOW_AGAIN_MS = 1_000;
let platform: CanvasPlatform | null = null;
let listed: readonly WorkspaceView[] = [];
let following = new AbortController();
let isSending = false;

byId<HTMLFormElement>('admission').addEventListener('submit', (event) => {
  event.preventDefault();
  location.hash = `token=${encodeURIComponent(byId<HTMLInputElement>('token').value)}`;
});
addEventListener('hashchange', enter);
writing.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void send();
});
chosen.addEventListener('change', open);
files.addEventListener('change', () => {
  draft.add([...(files.files ?? [])]);
  files.value = '';
});
document.body.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.body.addEventListener('dragleave', () => document.body.classList.remove('over'));
document.body.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  draft.add([...(event.dataTransfer?.files ?? [])]);
});
enter();
setInterval(() => void look(), LOOK_EVERY_MS);

/** The token stands in the fragment, which no browser sends anywhere. */
function enter(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  byId('admission').hidden = token !== null;
  for (const part of [byId('choice'), writing]) part.hidden = token === null;
  troubles.clear();
  platform = token === null ? null : createCanvasPlatform(token);
  listed = [];
  chosen.replaceChildren();
  open();
  void look();
}

/** Who is there, and how. */
async function look(): Promise<void> {
  const asked = platform;
  if (asked === null) return;
  const workspaces = await troubles.keepTrying('the workspaces cannot be listed', () => asked.workspaces());
  if (!workspaces || asked !== platform) return;
  const isAsBefore = JSON.stringify(workspaces.map(nameIn)) === JSON.stringify(listed.map(nameIn));
  listed = workspaces;
  byId('nobody').hidden = workspaces.length > 0;
  // Whoever has the list open keeps it.
  if (!isAsBefore) {
    const { value } = chosen;
    chosen.replaceChildren(...workspaces.map(({ id, name }) => new Option(name, id)));
    if (workspaces.some(({ id }) => id === value)) chosen.value = value;
    else open();
  }
  const status = workspaces.find(({ id }) => id === chosen.value)?.status ?? '';
  const presence = byId('presence');
  if (presence.textContent === status) return;
  presence.textContent = status;
  presence.dataset.status = status;
}

function nameIn({ id, name }: WorkspaceView): readonly string[] {
  return [id, name];
}

/** Follows the chosen workspace: its feed now, and again whenever its stream says something. */
function open(): void {
  following.abort();
  following = new AbortController();
  chat.clear();
  if (chosen.value !== '') void follow(chosen.value, following.signal);
}

async function follow(workspaceId: string, signal: AbortSignal): Promise<void> {
  void look();
  while (!signal.aborted) {
    await show(workspaceId);
    await platform?.follow(workspaceId, () => void show(workspaceId), signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_AGAIN_MS));
  }
}

async function show(workspaceId: string): Promise<void> {
  const asked = platform;
  if (asked === null) return;
  const rows = await troubles.keepTrying('the conversation cannot be read', () => asked.rows(workspaceId));
  if (!rows || workspaceId !== chosen.value) return;
  chat.show(rows.map(readSaid).filter((entry) => entry !== null));
}

/** Sends what is written, one message at a time; what could not be sent stays. */
async function send(): Promise<void> {
  const [asked, words, workspaceId] = [platform, text.value.trim(), chosen.value];
  if (isSending || asked === null || workspaceId === '') return;
  if (words === '' && draft.files.length === 0) return;
  setSending(true);
  const done = await troubles.attempt('not sent', async () => {
    await draft.send(asked, workspaceId, words);
    return true;
  });
  if (done) text.value = '';
  setSending(false);
  if (done) await show(workspaceId);
}

/** The field keeps the focus, and its text. */
function setSending(sending: boolean): void {
  isSending = sending;
  text.readOnly = sending;
  writing.setAttribute('aria-busy', String(sending));
  byId('send').textContent = sending ? 'sending …' : 'send';
  byId('send').setAttribute('aria-disabled', String(sending));
}

async function save({ name, uri }: Said['files'][number]): Promise<void> {
  const asked = platform?.file(chosen.value, uri.split('/').at(-1) ?? '');
  const blob = await asked?.catch((error: unknown) => {
    if (!(error instanceof Refusal && error.status === 404)) throw error;
    throw new Error(`the agent has taken ${name}, it is no longer on the platform`);
  });
  if (!blob) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The files that go with the message, each of which can be left out again. */
function showFiles(): void {
  byId('dropped').replaceChildren(
    ...draft.files.map((file) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = '×';
      button.setAttribute('aria-label', `Leave out ${file.name}`);
      button.addEventListener('click', () => draft.leaveOut(file));
      item.append(file.name, button);
      return item;
    }),
  );
}
