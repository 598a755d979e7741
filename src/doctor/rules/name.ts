import { type Finding, failed, ok, skipped } from '../finding.ts';
import type { NameFacts } from '../probes/name.ts';

/** Whether the platform's name can be looked up. `proxy` looks it up itself. */
export function judgeName(hostname: string, facts: NameFacts | null, proxy: string | null): Finding {
  if (proxy !== null || facts === null) return skipped(CHECK, 'the proxy looks the name up');
  if (facts.kind === 'address') return skipped(CHECK, `${hostname} is an address`);
  if (facts.kind === 'found') return ok(CHECK, `${hostname} is ${facts.addresses.join(', ')}`);
  return failed(
    CHECK,
    'unreachable',
    `the name ${hostname} cannot be looked up (${facts.code})`,
    'Is it spelt right? Is this machine online? Does it need a proxy (HTTPS_PROXY) or a VPN?',
  );
}

const CHECK = 'name';
