/** The proxies as configured; empty for none. */
export interface ProxySettings {
  readonly httpsProxy: string;
  readonly httpProxy: string;
  /** Hosts that are reached directly, separated by commas or spaces. */
  readonly noProxy: string;
}

/**
 * The proxy through which an origin is reached, null for none. This machine itself is never reached through one. An entry
 * of `noProxy` is a host, which covers its subdomains (with or without a leading `.` or `*.`), and may name a port; `*` is
 * every host.
 */
export function proxyFor(origin: string, { httpsProxy, httpProxy, noProxy }: ProxySettings): string | null {
  if (!URL.canParse(origin)) return null;
  const { protocol, hostname, port } = new URL(origin);
  const proxy = protocol === 'https:' ? httpsProxy : httpProxy;
  if (proxy === '' || isLoopback(hostname)) return null;
  const effectivePort = port || (protocol === 'https:' ? '443' : '80');
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => covers(entry, hostname, effectivePort)) ? null : proxy;
}

function covers(entry: string, hostname: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, host = '', ofPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [null, bracketed(entry)];
  if (ofPort !== undefined && ofPort !== port) return false;
  const name = host.replace(/^\*?\./, '');
  return hostname === name || hostname.endsWith(`.${name}`);
}

/** An IPv6 address, which URLs write in brackets and `NO_PROXY` mostly without. */
function bracketed(address: string): string {
  return `[${address}]`;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
