import type { MemoryPort } from '../domain/ports/agent.ts';
import { commitMemory } from './commit-memory.ts';
import type { MemoryDeps } from './deps.ts';
import { recallMemory } from './recall-memory.ts';

/** Makes what the agent remembers with, on the platform. Refusals are `AgentError`s. */
export function createMemories(deps: MemoryDeps): MemoryPort {
  return {
    commit: (request, call) => commitMemory(request, call, deps),
    recall: (request, call) => recallMemory(request, call, deps),
  };
}
