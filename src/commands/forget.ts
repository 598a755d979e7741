import { runTimeFolder } from '../../adapters/delivery-lock/run-time-folder.ts';
import { createDisk } from '../../adapters/disk/disk.ts';
import { removeEntry } from '../config/change-config-file.ts';
import { processSources } from '../config/process-sources.ts';
import { readSettings } from '../config/settings.ts';
import { splitFlags } from '../config/split-flags.ts';
import { isUuid } from '../domain/ids.ts';
import { findKept } from '../forget/kept.ts';
import { createAsker } from '../init/ask.ts';
import { createStderrLogger } from '../stderr-logger.ts';

const USAGE = `molecule-inbox forget WORKSPACE [--yes] [--keep-config]

Removes all that is kept of a workspace on this machine: its log, its files, its
entry in config.json.

  --yes           without asking
  --keep-config   leave its entry in config.json
`;

/**
 * Removes all that is kept of a workspace on this machine: its log, its files, its entry in the configuration file. Asks
 * first at a terminal, else wants `--yes`. Exits with 1 while a window is at work in it, or when nobody agreed.
 */
export async function runForget(args: readonly string[]): Promise<number> {
  const logger = createStderrLogger('0');
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [named = '', ...others] = args;
  const { own, rest } = splitFlags(others, { yes: 'switch', 'keep-config': 'switch' });
  if (!isUuid(named)) {
    logger.error('say which workspace: molecule-inbox forget 6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11');
    return 2;
  }
  const workspaceId = named.toLowerCase();
  const disk = createDisk({ logger });
  const { directory, places } = await readSettings(processSources(rest, { disk, logger }));
  for (const problem of places.problems) logger.error(problem);
  if (!directory || places.problems.length > 0) return 2;

  const kept = await findKept(directory.path, workspaceId, runTimeFolder());
  if (kept.some(({ windows }) => windows > 0)) {
    logger.error('a window is at work in this workspace: end the hosts that run molecule-inbox first');
    return 1;
  }
  if (
    kept.length > 0 &&
    !own.yes &&
    !(await agrees(kept.reduce((sum, { waiting }) => sum + (waiting ?? 0), 0)))
  ) {
    logger.error('nothing was removed; --yes removes it without asking');
    return 1;
  }
  const removed = await directory.forgetWorkspace(workspaceId);
  for (const { filesElsewhere } of kept) for (const path of filesElsewhere) await disk.removeFile(path);
  const entry = own['keep-config'] ? false : await removeEntry(directory, workspaceId);
  for (const path of removed) process.stdout.write(`Removed ${path}\n`);
  if (entry) process.stdout.write('Removed its entry from config.json, with its token.\n');
  if (removed.length === 0 && !entry) process.stdout.write('Nothing was kept of it.\n');
  return 0;
}

async function agrees(waiting: number): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const asker = createAsker({ input: process.stdin, output: process.stdout });
  try {
    const messages = `${waiting} ${waiting === 1 ? 'message' : 'messages'}`;
    return /^y(es)?$/i.test(
      await asker.ask(`Remove everything of it, with ${messages} that nobody has popped? (yes/no)`, 'no'),
    );
  } finally {
    asker.close();
  }
}
