import type { Upload } from '../domain/files/upload.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import type { PeerSightings } from './peer-sightings.ts';

/** Everything that the directory is made of. */
export interface DirectoryDeps {
  readonly workspaces: readonly OwnWorkspace[];
  /** Shared with the outbox: what is listed here routes what is sent there. */
  readonly peers: PeerSightings;
  /** Those of these files that a workspace's log knows, by id. */
  readonly findUploads: (
    workspaceId: string,
    fileIds: readonly string[],
  ) => Promise<ReadonlyMap<string, Upload>>;
}
