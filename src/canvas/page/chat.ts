/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Said } from './said.ts';

/** The conversation on the page. */
export interface Chat {
  /** Adds what is not there yet, oldest first; scrolls along for whoever was at the end. */
  show(said: readonly Said[]): void;
  /** Another conversation begins. */
  clear(): void;
}

/** What drawing a conversation takes. */
export interface ChatParts {
  /** Read out when something comes, but not for what was there before the page. */
  readonly list: HTMLElement;
  /** What is shown while nothing has been said. */
  readonly nothing: HTMLElement;
  /** The name of a peer. */
  readonly nameOf: (peerId: string) => string;
  /** A file of a message was asked for. */
  readonly onFile: (file: Said['files'][number]) => void;
}

/** An empty conversation. */
export function createChat({ list, nothing, nameOf, onFile }: ChatParts): Chat {
  const known = new Set<string>();

  /** Everything that was written by anybody becomes text, never markup. */
  function itemOf({ id, who, peerId, at, text, files }: Said): HTMLLIElement {
    const item = document.createElement('li');
    item.className = who;
    item.dataset.id = id;
    const from = document.createElement('span');
    from.className = 'who';
    const name = peerId === '' ? who : `peer ${nameOf(peerId)}`;
    from.append(`${name} · `, timeOf(at));
    const words = document.createElement('p');
    words.textContent = text;
    item.append(from, ...(text === '' ? [] : [words]), ...files.map(fileOf));
    return item;
  }

  function fileOf(file: Said['files'][number]): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'file';
    button.textContent = file.name;
    button.title = `Save ${file.name}`;
    button.addEventListener('click', () => onFile(file));
    return button;
  }

  return {
    show(said) {
      const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PIXELS;
      const added = said.filter(({ id }) => !known.has(id));
      for (const entry of added) {
        known.add(entry.id);
        list.append(itemOf(entry));
      }
      if (added.length > 0 && isAtEnd) list.scrollTop = list.scrollHeight;
      nothing.hidden = known.size > 0;
      list.setAttribute('aria-busy', 'false');
    },
    clear() {
      known.clear();
      list.replaceChildren();
      list.setAttribute('aria-busy', 'true');
      nothing.hidden = true;
    },
  };
}

function timeOf(at: string): HTMLTimeElement {
  const time = document.createElement('time');
  time.dateTime = at;
  time.title = at;
  time.textContent = new Date(at).toLocaleTimeString();
  return time;
}

const NEAR_END_PIXELS = 60;
