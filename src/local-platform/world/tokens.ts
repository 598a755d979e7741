import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A workspace token without its text, which nobody keeps (§2.1). */
export interface TokenRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly prefix: string;
  readonly createdAtMicros: number;
  readonly sha256: string;
}

/** The live tokens of every workspace. */
export interface Tokens {
  /** Makes a token and gives its text, this once. */
  issue(workspaceId: string): string;
  /** The live token with this text, of whatever workspace. */
  find(token: string): TokenRecord | undefined;
  /** Live tokens of a workspace, oldest first. */
  of(workspaceId: string): TokenRecord[];
  /** Revokes one token of a workspace, or all; gives their number. */
  revoke(workspaceId: string, tokenId?: string): number;
}

/** An empty set of tokens. */
export function createTokens(nowMicros: () => number): Tokens {
  const live = new Map<string, TokenRecord>();
  const of = (workspaceId: string) => [...live.values()].filter((token) => token.workspaceId === workspaceId);
  return {
    issue(workspaceId) {
      const text = randomBytes(32).toString('base64url');
      const sha256 = digest(text);
      live.set(sha256, {
        id: randomUUID(),
        workspaceId,
        prefix: text.slice(0, 8),
        createdAtMicros: nowMicros(),
        sha256,
      });
      return text;
    },
    find: (token) => live.get(digest(token)),
    of,
    revoke(workspaceId, tokenId) {
      const revoked = of(workspaceId).filter((token) => tokenId === undefined || token.id === tokenId);
      for (const token of revoked) live.delete(token.sha256);
      return revoked.length;
    },
  };
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex');
