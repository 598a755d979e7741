import type { Slots } from '../../../streams/slots.ts';
import type { FileQuota } from '../../domain/files/file-quota.ts';
import type { UploadLimit } from './upload-limit.ts';

/** How files are fetched, waited for, announced and kept. */
export interface UploadRules {
  /** How long a file holds messages, milliseconds. */
  readonly deadlineMs: number;
  /** How long a file waits for a chat to follow it, milliseconds. */
  readonly lonelyAfterMs: number;
  readonly maxBytes: UploadLimit;
  readonly quota: FileQuota;
  /** This workspace's places for transfers, contents and acknowledgements together. */
  readonly ownSlots: Slots;
  /** The places that all workspaces share. */
  readonly sharedSlots: Slots;
}
