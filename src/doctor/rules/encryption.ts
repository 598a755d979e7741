import { type Finding, failed, ok, skipped, warning } from '../finding.ts';
import type { EncryptionFacts } from '../probes/encryption.ts';

/** What decides about an origin's encryption. */
export interface EncryptionCase {
  readonly origin: string;
  /** Null when no handshake was tried: another scheme, or a proxy in between. */
  readonly facts: EncryptionFacts | null;
  readonly proxy: string | null;
  readonly nowMs: number;
}

/** Whether what is said to the platform stays between the two. */
export function judgeEncryption({ origin, facts, proxy, nowMs }: EncryptionCase): Finding {
  if (origin.startsWith('http:')) {
    return LOOPBACK.test(new URL(origin).hostname)
      ? skipped(CHECK, 'none is needed on this machine')
      : warning(
          CHECK,
          `${origin} is not encrypted: everybody on the way can read the token`,
          'Use its https address.',
        );
  }
  if (facts === null)
    return skipped(CHECK, proxy ? 'through the proxy; the platform check tells' : 'not looked at');
  if (facts.kind === 'failed') {
    const [reason, advice] = reasonOf(facts.code);
    return failed(CHECK, 'unreachable', `${reason} (${facts.code})`, advice);
  }
  const days = Math.floor((facts.validUntilMs - nowMs) / DAY_MS);
  if (days < FEW_DAYS) {
    return warning(
      CHECK,
      `the certificate runs out in ${days} days`,
      'Whoever runs the platform has to renew it.',
    );
  }
  return ok(CHECK, `${facts.protocol}, certificate good for ${days} days`);
}

function reasonOf(code: string): readonly [reason: string, advice: string] {
  if (code === 'CERT_HAS_EXPIRED') {
    return [
      "the server's certificate has expired",
      "Is this machine's clock right? Else whoever runs the platform has to renew it.",
    ];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [
      "the server's certificate is for another name",
      "Is the platform's URL spelt as its certificate has it?",
    ];
  }
  if (UNKNOWN_AUTHORITY.has(code)) {
    return [
      "the server's certificate is signed by nobody that is trusted here",
      'If your company or a proxy signs it, name the authority: SSL_CERT_FILE=/path/to/authority.pem.',
    ];
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return ['what answers there speaks no TLS', 'Does the URL need another port, or http instead of https?'];
  }
  return ['there is no connection', 'Is the platform up, the port right, and no firewall in between?'];
}

const CHECK = 'encryption';
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
const DAY_MS = 24 * 3600 * 1000;
const FEW_DAYS = 14;
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
