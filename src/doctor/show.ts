import { visibleLine } from '../domain/rendering/visible.ts';
import { type Terminal, wrap } from '../terminal.ts';
import type { Finding, FindingStatus } from './finding.ts';

/**
 * The findings as a table for a person: what was looked at, what was found, and below it what to do, once for several that
 * follow each other and call for the same.
 */
export function showFindings(findings: readonly Finding[], { columns, colours }: Terminal): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = MARK_WIDTH + width + 6;
  const room = columns === null ? null : Math.max(columns - indent, LEAST_ROOM);
  const lines: string[] = [];
  let about: string | undefined = '';
  for (const [index, finding] of findings.entries()) {
    if (finding.about !== about) {
      about = finding.about;
      lines.push('', titleOf(about));
    }
    const [mark, colour] = MARKS[finding.status];
    const shown = colours && colour !== null ? `\x1b[${colour}m${mark}\x1b[0m` : mark;
    const [first = '', ...others] = wrap(saysOf(finding), room);
    lines.push(`  ${shown}  ${finding.check.padEnd(width)}  ${first}`);
    const advice = isSaidAgain(finding, findings[index + 1]) ? undefined : finding.advice;
    const [todo, ...more] = advice === undefined ? [] : wrap(advice, room === null ? null : room - 2);
    const below = [
      ...others,
      ...(todo === undefined ? [] : [`→ ${todo}`]),
      ...more.map((line) => `  ${line}`),
    ];
    lines.push(...below.map((line) => ' '.repeat(indent) + line));
  }
  return `${[...lines.slice(1), '', summary(findings)].join('\n')}\n`;
}

function titleOf(about: string | undefined): string {
  if (about === undefined) return 'This machine';
  return about.includes('://') ? `Platform ${about}` : `Workspace ${about}`;
}

function saysOf({ says, named }: Finding): string {
  return visibleLine(named === undefined ? says : `${says} (${named.join(', ')})`, 2_000);
}

function isSaidAgain({ about, advice }: Finding, next: Finding | undefined): boolean {
  return next !== undefined && next.about === about && next.advice === advice;
}

function summary(findings: readonly Finding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const [failures, warnings] = [count('failed'), count('warning')];
  if (failures === 0 && warnings === 0) return 'All is well.';
  return [
    ...(failures > 0 ? [`${failures} ${failures === 1 ? 'failure' : 'failures'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ].join(', ');
}

const MARK_WIDTH = 4;
/** On a terminal that is narrower than this, words stand beyond its edge rather than one by one below each other. */
const LEAST_ROOM = 30;
const MARKS: Readonly<Record<FindingStatus, readonly [mark: string, colour: number | null]>> = {
  ok: ['ok  ', 32],
  warning: ['warn', 33],
  failed: ['FAIL', 31],
  skipped: ['-   ', null],
};
