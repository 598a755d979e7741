/// <reference lib="dom" />
/** What does not work, in a line that stays until it works again or is put away. */
export interface Troubles {
  /** Does what the person has asked for; undefined when that failed, and then `trouble` is shown, and why. */
  attempt<Value>(trouble: string, work: () => Promise<Value>): Promise<Value | undefined>;
  /** The same for what the page does by itself, again and again: what was put away is not shown again. */
  keepTrying<Value>(trouble: string, work: () => Promise<Value>): Promise<Value | undefined>;
  /** Forgets everything. */
  clear(): void;
}

/** Nothing is wrong yet. `line` is an alert, so that each new trouble is read out, once. */
export function createTroubles(line: HTMLElement, dismissal: HTMLButtonElement): Troubles {
  const troubles = new Map<string, string>();
  const dismissed = new Map<string, string>();

  function show(): void {
    const shown = [...troubles].filter(([trouble, why]) => dismissed.get(trouble) !== why);
    const text = shown.map(([trouble, why]) => `${trouble}: ${why}`).join('\n');
    if (line.textContent !== text) line.textContent = text;
    dismissal.hidden = text === '';
  }

  function forget(trouble: string): void {
    troubles.delete(trouble);
    dismissed.delete(trouble);
  }

  async function keepTrying<Value>(trouble: string, work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await work();
      forget(trouble);
      return value;
    } catch (error) {
      troubles.set(trouble, error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      show();
    }
  }

  dismissal.addEventListener('click', () => {
    for (const [trouble, why] of troubles) dismissed.set(trouble, why);
    show();
  });
  return {
    attempt(trouble, work) {
      forget(trouble);
      show();
      return keepTrying(trouble, work);
    },
    keepTrying,
    clear() {
      troubles.clear();
      dismissed.clear();
      show();
    },
  };
}
