import type { Attempt } from '../attempt.ts';
import { type Finding, ok } from '../finding.ts';
import { judgeTrouble } from './trouble.ts';

/** Whether the platform answers at all. */
export function judgeHealth(health: Attempt<number>, proxy: string | null): Finding {
  if (!health.ok) return judgeTrouble(CHECK, health.error);
  const way = proxy === null ? '' : ` through the proxy ${new URL(proxy).host}`;
  return ok(CHECK, `answers within ${Math.round(health.value)} ms${way}`);
}

const CHECK = 'platform';
