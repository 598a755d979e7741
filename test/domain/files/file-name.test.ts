import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitiseFileName } from '../../../src/domain/files/file-name.ts';
import { anyText } from '../../support/any-text.ts';

describe('sanitiseFileName', () => {
  it('keeps what follows the last slash', () => {
    expect(sanitiseFileName('../../etc/passwd')).toBe('passwd');
    expect(sanitiseFileName('dir/')).toBe('file');
  });

  it('gives one underscore for each code point that is not allowed', () => {
    expect(sanitiseFileName('👩🏽‍💻 a\\b.txt')).toBe('_____a_b.txt');
  });

  it('cuts a long name to 100 characters and keeps a real extension', () => {
    expect(sanitiseFileName(`${'a'.repeat(200)}.pdf`)).toBe(`${'a'.repeat(96)}.pdf`);
    expect(sanitiseFileName(`${'a'.repeat(99)}.${'e'.repeat(16)}`)).toBe(`${'a'.repeat(99)}.`);
    expect(sanitiseFileName(`${'.'.repeat(96)}abcdef`)).toBe(`${'.'.repeat(93)}.abcdef`);
  });

  it('is always safe to put into a directory, and settled after one pass', () => {
    fc.assert(
      fc.property(anyText(300), (name) => {
        const safe = sanitiseFileName(name);
        expect(safe).toMatch(/^[A-Za-z0-9._-]{1,100}$/);
        expect(['.', '..']).not.toContain(safe);
        expect(sanitiseFileName(safe)).toBe(safe);
      }),
    );
  });
});
