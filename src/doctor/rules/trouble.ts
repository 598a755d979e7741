import type { PlatformError, PlatformErrorKind } from '../../domain/wire/platform-error.ts';
import { type Cause, type Finding, failed, warning } from '../finding.ts';

/** What an error of the platform means to the person who configured it, whatever was asked. */
export function judgeTrouble(check: string, error: PlatformError): Finding {
  const says = error.detail === '' ? error.message : `${error.message}: ${error.detail}`;
  if (error.kind === 'rate-limited') {
    return warning(
      check,
      says,
      'Everybody behind the same address shares the allowance (§1.5): wait a minute.',
    );
  }
  const [cause, advice] = MEANINGS[error.kind] ?? UNREACHABLE;
  return failed(check, cause, says, advice);
}

const UNREACHABLE: readonly [Cause, string] = [
  'unreachable',
  'Is the platform up? Is a firewall, proxy or VPN in between? Messages wait on the platform for 7 days.',
];

const MEANINGS: Partial<Record<PlatformErrorKind, readonly [Cause, string]>> = {
  unauthorised: ['auth', 'Make a new token in the canvas (workspace, Tokens) and configure that.'],
  removed: ['auth', 'The workspace is gone for good: configure another one.'],
  redirected: [
    'configuration',
    'Configure the address that it redirects to, or the one it should have: the token is never sent after a redirect.',
  ],
  'no-such-route': [
    'configuration',
    'Is PLATFORM_URL the platform itself, with the right path? A hosted tenant also needs its MOLECULE_ORG_ID.',
  ],
  refused: [
    'configuration',
    'If it was refused without a word: the platform has to list our origin (CORS_ORIGINS), or PLATFORM_URL has to be the address that it knows itself by.',
  ],
  malformed: [
    'unreachable',
    'Something else than the platform answers: a sign-in page of the network, or another server at this URL.',
  ],
};
