import { describe, expect, it } from 'vitest';
import { trimWhiteSpace } from '../../src/domain/white-space.ts';

describe('trimWhiteSpace', () => {
  it('removes what the reference removes, and only at the ends', () => {
    expect(trimWhiteSpace('\u001c \u0085\u00a0\u2003\u3000a b\n\t')).toBe('a b');
    expect(trimWhiteSpace(' \n')).toBe('');
    expect(trimWhiteSpace('')).toBe('');
  });

  it('keeps a byte order mark and zero-width characters', () => {
    expect(trimWhiteSpace('\ufeffa\u200b')).toBe('\ufeffa\u200b');
  });
});
