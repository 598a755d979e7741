import type { Network } from '../../adapters/platform/agents.ts';
import { proxyFor } from '../domain/network/proxy.ts';
import type { Config } from './config.ts';

/** How the world is reached with a configuration: its proxies and the certificates that it trusts. */
export function networkOf({ options, certificates }: Pick<Config, 'options' | 'certificates'>): Network {
  return { proxyFor: (origin) => proxyFor(origin, options), certificates };
}
