import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** What a host's name leads to. */
export type NameFacts =
  | { readonly kind: 'address' }
  | { readonly kind: 'found'; readonly addresses: readonly string[] }
  | { readonly kind: 'failed'; readonly code: string };

/** Looks a host's name up as every connection does. */
export async function lookUpName(hostname: string): Promise<NameFacts> {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return { kind: 'address' };
  try {
    const found = await lookup(hostname, { all: true });
    return { kind: 'found', addresses: found.map(({ address }) => address) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { kind: 'failed', code: code || 'no code' };
  }
}
