/** Which generation of the server is played: `may` (protocol.md §§1–14) or `head` (14 August 2026, §15). */
export type Profile = 'may' | 'head';

/** Every profile there is, oldest first. */
export const profiles: readonly Profile[] = ['may', 'head'];

/** The figures in which the two generations differ and that need no code of their own. */
export interface ProfileFigures {
  /** Largest file of a chat upload (§7.1, §15.7). */
  readonly maxFileBytes: number;
  /** Largest body of a chat upload, all files and the multipart framing together. */
  readonly maxRequestBytes: number;
  /** Largest A2A body (§6.4, §15.5). */
  readonly maxMessageBytes: number;
  /** Silence of an external agent after which it counts as gone (§3.3, §15.11). */
  readonly staleAfterMs: number;
  /** The 404 text of a file that is not there any more (§7.4, §15.7). */
  readonly uploadGoneText: string;
}

const mebibyte = 1024 * 1024;

/** The figures of each generation. */
export const profileFigures: Readonly<Record<Profile, ProfileFigures>> = {
  may: {
    maxFileBytes: 25 * mebibyte,
    maxRequestBytes: 50 * mebibyte,
    maxMessageBytes: mebibyte,
    staleAfterMs: 90_000,
    uploadGoneText: 'pending upload not found, expired, or already acked',
  },
  head: {
    maxFileBytes: 100 * mebibyte,
    maxRequestBytes: 100 * mebibyte,
    maxMessageBytes: 16 * mebibyte,
    staleAfterMs: 180_000,
    uploadGoneText: 'pending upload not found or expired',
  },
};
