import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../../src/domain/network/redact.ts';
import { anyText } from '../../support/any-text.ts';

const long = 'aB3'.repeat(20);

describe('redactSecrets', () => {
  it.each([
    `sk-ant-api03-${long}`,
    `ghp_${long.slice(0, 36)}`,
    `ghs_${long.slice(0, 36)}`,
    `github_pat_${long}${long.slice(0, 22)}`,
    'AKIAABCDEFGHIJKLMNOP',
  ])('hides %s wherever it stands', (token) => {
    expect(redactSecrets(`(${token}), twice: ${token}`)).toBe('([REDACTED]), twice: [REDACTED]');
  });

  it('hides a long value assigned to something secret, and keeps what it is assigned to', () => {
    expect(redactSecrets(`MOLECULE_WORKSPACE_TOKEN=${long.slice(0, 42)}-`)).toBe(
      'MOLECULE_WORKSPACE_TOKEN=[REDACTED]',
    );
    expect(redactSecrets(`export API_KEY="${long}=="`)).toBe('export API_KEY="[REDACTED]"');
  });

  it('leaves ordinary words alone', () => {
    const text = `the key = short, sk-short, a hash ${long}, https://host/${long}`;
    expect(redactSecrets(text)).toBe(text);
  });

  it('changes nothing more when repeated', () => {
    fc.assert(
      fc.property(anyText(), fc.boolean(), (text, assigned) => {
        const once = redactSecrets(`${text}${assigned ? 'key=' : ' '}${long}${text}`);
        expect(redactSecrets(once)).toBe(once);
      }),
    );
  });

  it('takes time linear in the text', () => {
    const hostile = ['sk-'.repeat(100_000), `key${' '.repeat(200_000)}`, `sk-${'-'.repeat(200_000)}`];
    const startedAt = performance.now();
    for (const text of hostile) redactSecrets(text);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
