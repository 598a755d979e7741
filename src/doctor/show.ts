import { visibleLine } from '../domain/rendering/visible.ts';
import type { Finding, FindingStatus } from './finding.ts';

/** The findings as a table for a person: what was looked at, what was found, and below it what to do. */
export function showFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines: string[] = [];
  let about: string | undefined = '';
  for (const finding of findings) {
    if (finding.about !== about) {
      about = finding.about;
      lines.push(
        '',
        about === undefined
          ? 'This machine'
          : about.includes('://')
            ? `Platform ${about}`
            : `Workspace ${about}`,
      );
    }
    const mark = MARKS[finding.status];
    lines.push(`  ${mark}  ${finding.check.padEnd(width)}  ${visibleLine(finding.says, 2_000)}`);
    if (finding.advice !== undefined) lines.push(`${' '.repeat(MARK_WIDTH + width + 6)}→ ${finding.advice}`);
  }
  return `${[...lines.slice(1), '', summary(findings)].join('\n')}\n`;
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
const MARKS: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok  ',
  warning: 'warn',
  failed: 'FAIL',
  skipped: '-   ',
};
