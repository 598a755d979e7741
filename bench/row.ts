/** One line of the table: what was measured, against which floor of the same run, and what the budget says. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** The floor of the same run, with its unit; empty without one. */
  readonly floor: string;
  /** Measured over floor; null without one. */
  readonly ratio: number | null;
  /** Empty for what has none: a peer, a figure that is only said. */
  readonly budget: string;
  readonly within: boolean;
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that share of the numbers lies; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, floor, ratio, budget, within }) => {
    const verdict = budget === '' ? '–' : within ? 'yes' : '**no**';
    const times = ratio === null ? '–' : ratio.toFixed(2);
    return `| ${[what, measured, floor || '–', times, budget || '–', verdict].join(' | ')} |`;
  });
  return [
    '| what | measured | floor, same run | ratio | budget | within |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
