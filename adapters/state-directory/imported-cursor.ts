import { join } from 'node:path';
import { isUuid } from '../../src/domain/ids.ts';
import type { Disk } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { readSmallFile } from './small-file.ts';

/** The last row that the Python client had read. Only an id: when it was created, the platform must tell. */
export interface ImportedCursor {
  readonly rowId: string;
  /** The file it came from, left as it is. */
  readonly path: string;
}

/**
 * The cursor that the Python client left for a workspace. It wrote `.mcp_inbox_cursor` with one workspace configured and
 * `.mcp_inbox_cursor_<first 8 characters of the id>` with several; the file of the present mode wins, the other one still
 * counts (W-52). Such a name says too little (W-51): the cursor may be another workspace's, and the platform then answers
 * 410. Whatever is no UUID is discarded with one line (W-23).
 */
export async function readImportedCursor(
  { disk, logger, folder }: { readonly disk: Disk; readonly logger: Logger; readonly folder: string },
  workspaceId: string,
  mode: 'single' | 'several',
): Promise<ImportedCursor | null> {
  const single = SINGLE_NAME;
  const several = `${SINGLE_NAME}_${[...workspaceId].slice(0, 8).join('')}`;
  const names = mode === 'single' ? [single, several] : [several, single];
  for (const name of names.filter((candidate) => !/[/\\]/.test(candidate))) {
    const path = join(folder, name);
    try {
      const rowId = (await readSmallFile(disk, path))?.trim() ?? '';
      if (isUuid(rowId)) return { rowId: rowId.toLowerCase(), path };
      if (rowId !== '') logger.warn(`${path} holds no row id; it is ignored`);
    } catch (error) {
      logger.warn(`${path} is ignored: ${error instanceof Error ? error.message : error}`);
    }
  }
  return null;
}

const SINGLE_NAME = '.mcp_inbox_cursor';
