import { readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { lookAround } from '../../adapters/delivery-lock/look-around.ts';
import { readLog } from '../doctor/probes/log.ts';

/** What is kept of a workspace on one platform. */
export interface Kept {
  /** The name of its folder, which is also the name under which windows meet. */
  readonly name: string;
  readonly folder: string;
  /** Messages that nobody has popped; null when the log cannot be read. */
  readonly waiting: number | null;
  /** Files of it that lie outside of its folder. */
  readonly filesElsewhere: readonly string[];
  /** Windows that are at work in it now. */
  readonly windows: number;
}

/** Looks what a state directory keeps of a workspace, on whichever platforms. */
export async function findKept(
  stateFolder: string,
  workspaceId: string,
  runTimeFolder: string,
): Promise<readonly Kept[]> {
  const workspaces = join(stateFolder, 'workspaces');
  const names = (await readdir(workspaces).catch(() => [])).filter((name) =>
    name.startsWith(`${workspaceId}@`),
  );
  return Promise.all(
    names.map(async (name): Promise<Kept> => {
      const folder = join(workspaces, name);
      const log = await readLog(folder);
      const { windows } = await lookAround(
        { folder: runTimeFolder, key: name },
        { do: 'status' },
        TIMEOUT_MS,
      );
      const isKept = log.kind === 'kept';
      const uploads = isKept ? [...log.state.uploads.values()] : [];
      const paths = uploads.flatMap(({ outcome }) => (outcome.status === 'staged' ? [outcome.path] : []));
      return {
        name,
        folder,
        waiting: isKept ? log.state.inbox.size + log.state.held.size : null,
        // Named as this program names them: the log alone shall not make us remove just any file.
        filesElsewhere: paths.filter(
          (path) => !path.startsWith(folder + sep) && OWN_NAME.test(basename(path)),
        ),
        windows,
      };
    }),
  );
}

const TIMEOUT_MS = 2_000;
const OWN_NAME = /^[0-9a-f]{32}-/;
