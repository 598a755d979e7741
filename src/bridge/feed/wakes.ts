import type { Observable } from 'rxjs';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import { hasOpenNotice } from '../../domain/wire/platform-rows.ts';
import type { Heard } from './hear-platform.ts';

/** How far the platform's own wakes were handled (§15.15). */
export interface Wakes {
  /**
   * The `generation` to report as observed: the newest that was received, once a page was asked for after it and every
   * notice of the platform was popped. Undefined before that: never more than what was received, and nothing that was not
   * handled.
   */
  observed(state: Readonly<InboxState> | undefined): number | undefined;
}

/** Follows the generations that heartbeats tell, and the pages that show the rows behind them. */
export function followWakes(heard$: Observable<Heard>): Wakes {
  let received: number | null = null;
  /** Pages asked for since `received` came, and whether one of them was read. */
  let askedSince = false;
  let readSince = false;
  let observed: number | undefined;

  heard$.subscribe((heard) => {
    if (heard.type === 'beaten' && heard.generation !== received) {
      // A lower one, or none: another server, to which nothing of this means anything.
      if (heard.generation === null || (received !== null && heard.generation < received))
        observed = undefined;
      received = heard.generation;
      askedSince = false;
      readSince = false;
    }
    if (heard.type === 'pageAsked') askedSince = true;
    if (heard.type === 'pageRead' && askedSince) readSince = true;
  });

  return {
    observed(state) {
      const isHandled =
        received !== null && received > 0 && readSince && state && state.counts.noticesPopped > 0;
      if (isHandled && received !== null && !hasOpenNotice(state)) observed = received;
      return observed;
    },
  };
}
