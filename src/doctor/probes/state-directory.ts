import { stat, statfs } from 'node:fs/promises';
import type { StateDirectory } from '../../../adapters/state-directory/state-directory.ts';

/** How the state directory stands. */
export interface StateDirectoryFacts {
  readonly path: string;
  /** Why nothing can be written there; null when it can. */
  readonly unwritable: string | null;
  /** Free bytes on its disk; null where that cannot be asked. */
  readonly freeBytes: number | null;
  readonly isThere: boolean;
}

/** Looks at the state directory without writing to it. */
export async function lookAtStateDirectory({
  path,
  unwritable,
}: StateDirectory): Promise<StateDirectoryFacts> {
  const facts = await statfs(path).catch(() => null);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const freeBytes = facts && facts.bavail * facts.bsize;
  return { path, unwritable: unwritable?.message ?? null, freeBytes, isThere };
}
