import { isSettled } from '../../domain/files/upload.ts';
import { visibleLine } from '../../domain/rendering/visible.ts';
import { type Finding, ok, skipped, warning } from '../finding.ts';
import type { LogFacts } from '../probes/log.ts';

/** Whether the files that were announced have come. */
export function judgeFiles(log: LogFacts): Finding {
  if (log.kind !== 'kept') return skipped(CHECK, 'no file was announced here yet');
  const uploads = [...log.state.uploads.values()];
  const missing = uploads.filter(({ outcome, attempts }) => !isSettled(outcome) && attempts > 0);
  const [first] = missing;
  if (!first)
    return ok(
      CHECK,
      uploads.length === 0 ? 'none were announced' : `${uploads.length} announced, none in trouble`,
    );
  const reason = 'reason' in first.outcome ? first.outcome.reason : '';
  const says = `${missing.length} of ${uploads.length} ${missing.length === 1 ? 'files has' : 'files have'} not come, after ${first.attempts} attempts: ${reason}`;
  const advice = 'They are tried again for as long as the platform holds them (24 hours).';
  return {
    ...warning(CHECK, says, advice),
    named: missing.slice(0, FEW).map(({ name }) => visibleLine(name, 100)),
  };
}

const CHECK = 'files';
const FEW = 3;
