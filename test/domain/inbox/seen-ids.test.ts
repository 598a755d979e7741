import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeenIds } from '../../../src/domain/inbox/seen-ids.ts';

describe('seen ids', () => {
  it('are a map in the order they came, whose front is forgotten', () => {
    const act = fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 40 }), atMicros: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ forgetBefore: fc.integer({ min: 0, max: 120 }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const seen = createSeenIds();
        const plain = new Map<string, number>();
        for (const each of acts) {
          if ('add' in each) {
            seen.add(`${each.add}`, each.atMicros);
            if (!plain.has(`${each.add}`)) plain.set(`${each.add}`, each.atMicros);
          } else {
            seen.forgetBefore(each.forgetBefore);
            for (const [id, atMicros] of plain) {
              if (atMicros >= each.forgetBefore) break;
              plain.delete(id);
            }
          }
          expect(seen.size).toBe(plain.size);
        }
        expect(seen.toArrays()).toEqual({ ids: [...plain.keys()], atMicros: [...plain.values()] });
        for (let id = 0; id <= 40; id += 1) expect(seen.has(`${id}`)).toBe(plain.has(`${id}`));
      }),
    );
  });

  it('give copies that stay as they are', () => {
    const seen = createSeenIds();
    seen.add('a', 1);
    const copy = seen.toArrays();
    seen.add('b', 2);
    seen.forgetBefore(5);
    expect(copy).toEqual({ ids: ['a'], atMicros: [1] });
    expect(seen.size).toBe(0);
  });
});
