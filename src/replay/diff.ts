import type { RunReport } from './report.ts';

/** Where two runs part: the first line that differs, with what both said before it. Null when they are the same. */
export function diffRuns(a: RunReport, b: RunReport): readonly string[] | null {
  const [linesA, linesB] = [linesOf(a), linesOf(b)];
  const length = Math.max(linesA.length, linesB.length);
  for (let place = 0; place < length; place += 1) {
    if (linesA[place] === linesB[place]) continue;
    return [
      ...linesA.slice(Math.max(0, place - CONTEXT), place).map((line) => `  ${line}`),
      ...linesA.slice(place, place + CONTEXT).map((line) => `- ${line}`),
      ...linesB.slice(place, place + CONTEXT).map((line) => `+ ${line}`),
    ];
  }
  return null;
}

function linesOf({ timeline, ending }: RunReport): string[] {
  return [...timeline.map(({ text }) => text), ...ending];
}

const CONTEXT = 3;
