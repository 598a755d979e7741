import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_MESSAGE, extractText } from '../../../src/domain/wire/text.ts';
import { anyText } from '../../support/any-text.ts';

const text = (words: unknown) => ({ kind: 'text', text: words });

describe('extractText', () => {
  it('joins the text parts of the first list that says something', () => {
    const body = {
      params: { message: { parts: [text('')] }, parts: [text('a'), { type: 'text', text: 'b' }] },
      parts: [text('c')],
    };
    expect(extractText(body, 'summary')).toBe('ab');
  });

  it('passes over a malformed part and keeps its neighbours (W-2)', () => {
    for (const bad of [null, 5, false, {}, ['x']]) {
      expect(extractText({ parts: [text('good'), text(bad), text(' too')] }, null)).toBe('good too');
    }
  });

  it('goes on to the next list when a list has only malformed parts', () => {
    expect(extractText({ params: { parts: [text(7)] }, parts: [text('here')] }, 's')).toBe('here');
  });

  it('falls back to the summary, then to a placeholder', () => {
    expect(extractText(null, 'file: a.pdf')).toBe('file: a.pdf');
    expect(extractText({ parts: [] }, '')).toBe(EMPTY_MESSAGE);
    expect(extractText({ parts: [] }, { not: 'text' })).toBe(EMPTY_MESSAGE);
  });

  it('never throws and always gives some text, whatever the body is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (body, summary) => {
        expect(extractText(body, summary)).not.toBe('');
      }),
    );
  });

  it('keeps any text byte for byte', () => {
    fc.assert(
      fc.property(
        anyText().filter((words) => words !== ''),
        (words) => {
          expect(extractText({ parts: [text(words)] }, null)).toBe(words);
        },
      ),
    );
  });
});
