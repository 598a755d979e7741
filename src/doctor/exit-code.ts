import type { Cause, Finding } from './finding.ts';

/**
 * The exit code of what was found: 0 all well, 1 warnings, 2 configuration, 3 authentication, 4 the platform cannot be
 * reached. Of several failures the one that is to be mended first counts.
 */
export function exitCodeOf(findings: readonly Finding[]): number {
  const causes = findings.flatMap(({ status, cause }) =>
    status === 'failed' && cause ? [CODES[cause]] : [],
  );
  if (causes.length > 0) return Math.min(...causes);
  return findings.some(({ status }) => status === 'warning') ? 1 : 0;
}

const CODES: Readonly<Record<Cause, number>> = { configuration: 2, auth: 3, unreachable: 4 };
