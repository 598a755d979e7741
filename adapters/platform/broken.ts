import { PlatformError } from '../../src/domain/wire/platform-error.ts';

/**
 * What went wrong on the wire, as a {@link PlatformError}. got's own error is not kept as the cause: it carries the
 * request's headers, and with them the token (W-48).
 */
export function brokenExchange(error: unknown, what: string): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof Error && error.cause instanceof PlatformError) return error.cause;
  const proxy = refusalOfProxy(error);
  if (proxy) return new PlatformError('unavailable', `${what}: the proxy refused to connect (${proxy})`);
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return new PlatformError('malformed', `${what} was answered with something that is not HTTP (${code})`);
  }
  if (code === 'ERR_INVALID_CHAR') {
    return new PlatformError(
      'refused',
      `${what} was not sent: a header holds a character that HTTP does not allow`,
    );
  }
  const reason = CONNECTION_TROUBLE[code] ?? 'the connection failed';
  return new PlatformError('unavailable', `${what}: ${reason} (${code || 'no code'})`);
}

/** The status with which a proxy answered instead of connecting; hpagent tells it in words only. */
function refusalOfProxy(error: unknown): string | undefined {
  return error instanceof Error ? /^Bad response: (\d{3})$/.exec(error.message)?.[1] : undefined;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

const CONNECTION_TROUBLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no network',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is signed by nobody that is trusted here",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate is signed by nobody that is trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate is signed by nobody that is trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the server's certificate is signed by nobody that is trusted here",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
};
