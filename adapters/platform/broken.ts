import { PlatformError } from '../../src/domain/platform-error.ts';

/**
 * What went wrong on the wire, as a {@link PlatformError}. got's own error is not kept as the cause: it carries the
 * request's headers, and with them the token (W-48).
 */
export function brokenExchange(error: unknown, what: string): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof Error && error.cause instanceof PlatformError) return error.cause;
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
};
