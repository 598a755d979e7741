import { type Finding, failed, ok, warning } from '../finding.ts';
import type { StateDirectoryFacts } from '../probes/state-directory.ts';

/** Whether messages can be kept. `warnings` are what the disk said on the way: modes that are too loose. */
export function judgeStateDirectory(
  { path, unwritable, freeBytes, isThere }: StateDirectoryFacts,
  warnings: readonly string[],
): readonly Finding[] {
  if (unwritable !== null) {
    return [
      failed(
        CHECK,
        'configuration',
        unwritable,
        'No message can be kept there: give the user the right to write.',
      ),
    ];
  }
  const isFull = freeBytes !== null && freeBytes < LITTLE_BYTES;
  return [
    isFull
      ? warning(
          CHECK,
          `${path} has only ${Math.floor(freeBytes / MIB)} MiB left`,
          'Make room: messages and files are kept there.',
        )
      : ok(CHECK, isThere ? path : `${path}, which is made at the first start`),
    ...warnings.map((line) =>
      warning(
        CHECK,
        line,
        'Take the rights of others away; the next start does so itself where nobody shares it.',
      ),
    ),
  ];
}

const CHECK = 'state directory';
const MIB = 1024 * 1024;
const LITTLE_BYTES = 200 * MIB;
