import { filter, firstValueFrom, map, type Observable, race, timer } from 'rxjs';
import type { Clock } from '../../domain/ports/runtime.ts';
import {
  type BroadcastText,
  belongsTo,
  isBroadcast,
  readBroadcastEvent,
  readBroadcastRow,
} from '../../domain/wire/broadcast.ts';
import { type ActivityRow, readRow } from '../../domain/wire/row.ts';
import type { Pace } from '../pacing/pace.ts';
import type { Heard } from './hear-platform.ts';

/** The whole texts of broadcasts, which only the wake-up stream tells (§15.8). */
export interface BroadcastTexts {
  /** The event that tells a row's whole text, once it was {@link BroadcastTexts.settled}; null when none was heard. */
  wholeOf(row: ActivityRow): BroadcastText | null;
  /**
   * Resolves once the whole text of each young row was heard whose own was cut, or a second later: row and event set out
   * together. At once while no stream is open. `isKnown` tells the rows that were taken before.
   * Broadcasts may begin alike: each text goes to one row only, the oldest to the oldest, and none to a row of later.
   */
  settled(rows: readonly unknown[], isKnown: (rowId: string) => boolean): Promise<void>;
}

/** What remembering broadcasts takes. */
export interface BroadcastParts {
  readonly heard$: Observable<Heard>;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** Remembers the newest broadcasts that were heard, within a bound. */
export function createBroadcastTexts({ heard$, clock, pace }: BroadcastParts): BroadcastTexts {
  let texts: readonly HeardText[] = [];
  let isOpen = false;

  heard$.subscribe((heard) => {
    if (heard.type === 'streamEnded') isOpen = false;
    if (heard.type !== 'frame') return;
    isOpen = true;
    const text = heard.frame.type === 'BROADCAST_MESSAGE' ? readBroadcastEvent(heard.frame.data) : null;
    if (text) texts = newest([{ ...text, heardMs: clock(), rowId: null }, ...texts]);
  });

  const wholeOf = (row: ActivityRow) => texts.find(({ rowId }) => rowId === row.id) ?? null;

  function give(row: ActivityRow): void {
    if (wholeOf(row)) return;
    const isFree = (text: HeardText) =>
      text.rowId === null && clock() - text.heardMs < MEANT_FOR_MS && belongsTo(text, row);
    const oldest = texts.findLast(isFree);
    if (oldest) oldest.rowId = row.id;
  }

  return {
    wholeOf,
    async settled(rows, isKnown) {
      const cut = rows
        .map(readRow)
        .flatMap((reading) => (reading.ok ? [reading.row] : []))
        .filter((row) => isBroadcast(row) && readBroadcastRow(row).cut && !isKnown(row.id))
        .sort((one, other) => one.atMicros - other.atMicros);
      const young = cut.filter((row) => clock() - row.atMicros / 1000 < YOUNG_MS);
      const areHeard = () => {
        for (const row of cut) give(row);
        return !isOpen || young.every((row) => wholeOf(row) !== null);
      };
      if (areHeard()) return;
      const told$ = heard$.pipe(filter(areHeard));
      await firstValueFrom(race(told$, timer(WAIT_MS, pace.scheduler)).pipe(map(() => undefined)));
    },
  };
}

/** A text, when it was heard by our clock, and the row that it was given to. */
interface HeardText extends BroadcastText {
  readonly heardMs: number;
  rowId: string | null;
}

/** As many of them, newest first, as may be remembered. */
function newest(texts: readonly HeardText[]): readonly HeardText[] {
  let chars = 0;
  return texts.slice(0, MAX_TEXTS).filter(({ text }) => {
    chars += text.length;
    return chars <= MAX_CHARS;
  });
}

const WAIT_MS = 1_000;
const YOUNG_MS = 60_000;
/** Its row is read by then; what comes later and begins alike is another one. */
const MEANT_FOR_MS = 120_000;
const MAX_TEXTS = 100;
const MAX_CHARS = 4 * 1024 * 1024;
