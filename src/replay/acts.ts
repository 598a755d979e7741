import type { Command } from '../domain/inbox/inbox-decide.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScriptedAct } from './script.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What was done in a script, on its way into a ledger. */
export interface Acts {
  /** Does what had to wait, as far as it can be done by now; to be called after each event. */
  goOn(): void;
  /** Whether nothing is left to be done. */
  areDone(): boolean;
}

/** Does each act at its time, or once the message that it is about is in the inbox. */
export function startActs(
  acts: readonly ScriptedAct[],
  time: VirtualTime,
  ledger: () => Pick<Ledger, 'state' | 'commit'> | null,
): Acts {
  let due: readonly Command[] = [];
  let later = acts.length;

  function goOn(): void {
    const open = ledger();
    if (!open) return;
    const now = due.filter((command) => isPossible(command, open.state));
    if (now.length === 0) return;
    due = due.filter((command) => !now.includes(command));
    for (const command of now) void open.commit(command);
  }

  for (const { atMs, command } of acts) {
    time.at(atMs, () => {
      later -= 1;
      due = [...due, command];
      goOn();
    });
  }
  return { goOn, areDone: () => later === 0 && due.length === 0 };
}

function isPossible(command: Command, { inbox }: Readonly<InboxState>): boolean {
  if (command.type === 'popMessage') return inbox.has(command.activityId);
  if (command.type === 'noteOffers') return command.activityIds.some((id) => inbox.has(id));
  return true;
}
