/** Where a workspace stood in the tree. */
export interface Standing {
  readonly parentId: string | null;
  /** The topmost workspace above it, or its own id. */
  readonly rootId: string;
}

/** What HEAD says about a workspace that was moved: among others which shared memories it gains and loses (§15.9). */
export function reparented(id: string, before: Standing, after: Standing) {
  const namespaces = (at: Standing) => [
    `team:${at.parentId ?? id}`,
    `org:${at.rootId} (${at.rootId === id ? 'writable' : 'read-only'})`,
  ];
  const [had, has] = [namespaces(before), namespaces(after)];
  return {
    adopted_into_org: before.rootId === id && after.rootId !== id,
    memories_migrated: false,
    memories_migrated_note: 'memories stay in the namespaces they were written to',
    namespaces_gained: has.filter((name) => !had.includes(name)),
    namespaces_lost: had.filter((name) => !has.includes(name)),
    new_parent_id: after.parentId ?? '',
    old_parent_id: before.parentId ?? '',
    org_root_id: after.rootId,
  };
}
