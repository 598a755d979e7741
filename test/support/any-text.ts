import fc from 'fast-check';

/** Text of any code points, lone surrogates included, with those that cause trouble more often than chance would. */
export const anyText = (maxLength = 200) =>
  fc.string({
    unit: fc.oneof(
      fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
      fc.constantFrom(
        ...'\n\r\t \u0000\u001b\u0085\u200b\u200d\u202e\u2028\u2066\ufeff\ud83d\ude00/\\<>[]↩·',
      ),
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    ),
    maxLength,
  });
