import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleLine, visibleText } from '../../../src/domain/rendering/visible.ts';
import { anyText } from '../../support/any-text.ts';

const concealed = /[^\P{Cc}]|[\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;

describe('visibleLine', () => {
  it('spells out what would forge a line or move the cursor (W-57)', () => {
    expect(visibleLine('a.txt\n[molecule-mcp] all well\r\t\u001b[2J\u202e\u2028')).toBe(
      'a.txt\\n[molecule-mcp] all well\\r\\t\\u001b[2J\\u202e\\u2028',
    );
  });

  it('spells out hidden tag characters and keeps the flags that need them', () => {
    const wales = '🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}';
    expect(visibleLine(`${wales} hi\u{E0068}`)).toBe(`${wales} hi\\u{e0068}`);
    expect(visibleLine('🏴\u{E0068}\u{E0069}')).toBe('🏴\\u{e0068}\\u{e0069}');
  });

  it('cuts at maxChars and says so', () => {
    expect(visibleLine('abcdef', 3)).toBe('abc…');
    expect(visibleLine('abc', 3)).toBe('abc');
    expect(visibleLine('a😀', 2)).toBe('a\\ud83d…');
  });

  it('gives one line without any concealed character, whatever the text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(visibleLine(text)).not.toMatch(concealed);
      }),
    );
  });
});

describe('visibleText', () => {
  it('keeps ordinary text in any script byte for byte', () => {
    const ordinary = 'line\n\tindented\r\n 你好 שלום سلام é vs é 👩🏽‍💻🎉 \ufeffz\u200bw \\n <b>';
    expect(visibleText(ordinary)).toBe(ordinary);
  });

  it('spells out controls, overrides, lone carriage returns and lone surrogates', () => {
    expect(visibleText('a\u0000b\rc\u202ed\ud83de')).toBe('a\\u0000b\\rc\\u202ed\\ud83de');
  });

  it('conceals nothing but line breaks and tabs, and is settled after one pass', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const shown = visibleText(text);
        expect(shown.replace(/\r\n|[\n\t]/g, '')).not.toMatch(concealed);
        expect(visibleText(shown)).toBe(shown);
      }),
    );
  });
});
