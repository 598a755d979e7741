import { type Finding, failed, ok, warning } from '../finding.ts';
import type { StateDirectoryFacts } from '../probes/state-directory.ts';

/** Whether messages can be kept. `warnings` are what the disk said on the way: modes that were too loose. */
export function judgeStateDirectory(
  { path, unwritable, freeBytes }: StateDirectoryFacts,
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
      : ok(CHECK, path),
    ...warnings.map((line) =>
      warning(CHECK, line, 'Nothing to do if it says "tightened"; else take the rights of others away.'),
    ),
  ];
}

const CHECK = 'state directory';
const MIB = 1024 * 1024;
const LITTLE_BYTES = 200 * MIB;
