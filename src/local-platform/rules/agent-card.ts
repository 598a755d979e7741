import { isObject } from './go-json.ts';

/** Fills what an agent's card leaves open from what the operator said, as HEAD does at registration (§15.11). */
export function reconcileCard(card: unknown, workspace: { name: string; role: string | null }): unknown {
  if (!isObject(card)) return card;
  const name = filled(card.name) ?? workspace.name;
  const role = filled(card.role) ?? workspace.role;
  return {
    ...card,
    name,
    description: filled(card.description) ?? name,
    ...(role !== null && { role }),
  };
}

const filled = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
