/** Through which of the own workspaces each peer was last listed: it routes what names no source (W-9). */
export interface PeerSightings {
  /** Replaces what this workspace's listing showed before. */
  note(workspaceId: string, peerIds: readonly string[]): void;
  /** The own workspaces whose last listing showed the peer. */
  through(peerId: string): readonly string[];
}

/** Makes an empty memory of listings; it lives as long as the process. */
export function createPeerSightings(): PeerSightings {
  const listed = new Map<string, ReadonlySet<string>>();
  return {
    note: (workspaceId, peerIds) => {
      listed.set(workspaceId, new Set(peerIds.map((id) => id.toLowerCase())));
    },
    through: (peerId) =>
      [...listed].filter(([, peers]) => peers.has(peerId.toLowerCase())).map(([workspaceId]) => workspaceId),
  };
}
