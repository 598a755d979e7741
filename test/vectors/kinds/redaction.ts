import * as z from 'zod';
import { redactSecrets } from '../../../src/domain/network/redact.ts';
import { vectorKind } from '../kind.ts';

/** A text without what looks like a secret. */
export const redactSecretsKind = vectorKind({
  input: z.string(),
  answer: redactSecrets,
  differences: [
    {
      reason: "GitHub's other tokens are as secret as its personal ones",
      applies: (text) => /gh[ousr]_/.test(text),
      promises: (answer) => answer.includes('[REDACTED]'),
    },
    {
      reason: 'an assigned value may be quoted or in base64url, as the tokens of the platform are',
      applies: (text) => /=\s*["']?[A-Za-z0-9+/]*["'_-]/.test(text),
      promises: (answer) => answer.includes('[REDACTED]'),
    },
  ],
});
