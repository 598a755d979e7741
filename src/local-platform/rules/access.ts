/** What the access rule needs to know of a workspace. */
export interface Relative {
  readonly id: string;
  readonly parentId: string | null;
}

/**
 * Whether one workspace may talk to another (§6.3): itself, a sibling, an ancestor or a descendant; in May also
 * any two roots. Status plays no part.
 *
 * @param find looks a workspace up; an unknown one is nobody's relative.
 * @param rootsMayTalk whether two workspaces without a parent are siblings (May) or strangers (§15.6).
 */
export function mayCommunicate(
  callerId: string,
  targetId: string,
  find: (id: string) => Relative | undefined,
  rootsMayTalk: boolean,
): boolean {
  if (callerId === targetId) return true;
  const caller = find(callerId);
  const target = find(targetId);
  if (caller === undefined || target === undefined) return false;
  if (caller.parentId === null && target.parentId === null) return rootsMayTalk;
  if (caller.parentId === target.parentId) return true;
  return isAncestor(caller, target, find) || isAncestor(target, caller, find);
}

function isAncestor(elder: Relative, younger: Relative, find: (id: string) => Relative | undefined): boolean {
  const seen = new Set<string>();
  let parentId = younger.parentId;
  while (parentId !== null && !seen.has(parentId)) {
    if (parentId === elder.id) return true;
    seen.add(parentId);
    parentId = find(parentId)?.parentId ?? null;
  }
  return false;
}
