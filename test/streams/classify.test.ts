import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Classified, classifyRow } from '../../src/domain/wire/classify.ts';
import { classify } from '../../streams/classify.ts';
import { chatRow, echoRow, idOf, OWN, uploadRow } from '../support/rows.ts';

function kindsOf(rows: readonly unknown[], rule: (raw: unknown) => Classified): Classified[] {
  const all: Classified[] = [];
  classify(of(rows), { classify: rule }).subscribe((classified) => all.push(...classified));
  return all;
}

describe('classify', () => {
  it('says what each row is, in order', () => {
    const rows = [chatRow(1, 'hello'), uploadRow(2, 1), echoRow(3), null, chatRow(4, 'bye')];
    expect(kindsOf(rows, (raw) => classifyRow(raw, OWN)).map(({ kind }) => kind)).toEqual([
      'chat',
      'upload',
      'skipped',
      'unreadable',
      'chat',
    ]);
  });

  it('makes a row that the rule throws on unreadable, and spares its neighbours (W-2)', () => {
    const rule = (raw: unknown) => {
      if (raw !== rows[1]) return classifyRow(raw, OWN);
      throw new Error('too odd');
    };
    const rows = [chatRow(1, 'before'), chatRow(2, 'odd'), chatRow(3, 'after')];
    expect(kindsOf(rows, rule)).toMatchObject([
      { kind: 'chat' },
      { kind: 'unreadable', id: idOf(2), reason: 'too odd' },
      { kind: 'chat' },
    ]);
  });

  it('names what can still be told of it, whatever is thrown', () => {
    const rule = () => {
      throw 'no Error at all';
    };
    expect(kindsOf([chatRow(1, 'odd'), null, { id: 'nameless', created_at: '' }], rule)).toEqual([
      { kind: 'unreadable', id: idOf(1), atMicros: expect.any(Number), reason: 'no Error at all' },
      { kind: 'unreadable', id: 'unreadable::object', atMicros: 0, reason: 'no Error at all' },
      { kind: 'unreadable', id: 'nameless', atMicros: 0, reason: 'no Error at all' },
    ]);
  });

  it('survives a row that cannot even be looked at', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('hands off');
        },
      },
    );
    expect(kindsOf([hostile, chatRow(1, 'after')], (raw) => classifyRow(raw, OWN))).toMatchObject([
      { kind: 'unreadable', id: 'unreadable', reason: 'hands off' },
      { kind: 'chat' },
    ]);
  });
});
