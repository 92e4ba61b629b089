import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversion } from '../../src/formulas/conversion.ts';
import { medianAge } from '../../src/formulas/median-age.ts';

describe('the median age', () => {
  it('is the middle one, or the mean of the two in the middle', () => {
    expect(medianAge([3, 40, 8])).toBe(8);
    expect(medianAge([3, 40, 8, 9])).toBe(8.5);
    expect(medianAge([0])).toBe(0);
    expect(medianAge([])).toBeNull();
  });

  it('has as many at or below it as at or above it, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40_000 }), { minLength: 1 }), (ages) => {
        const median = medianAge(ages) ?? Number.NaN;
        expect(ages.filter((age) => age <= median).length * 2).toBeGreaterThanOrEqual(ages.length);
        expect(ages.filter((age) => age >= median).length * 2).toBeGreaterThanOrEqual(ages.length);
        expect(medianAge(ages.toReversed())).toBe(median);
      }),
    );
  });
});

describe('a conversion', () => {
  it('is the share that came to the next stage, and is none where nobody came to this one', () => {
    expect(conversion(8, 3)).toEqual({ deals: 3, share: 0.375 });
    expect(conversion(3, 2)).toEqual({ deals: 2, share: 0.6667 });
    expect(conversion(5, 5)).toEqual({ deals: 5, share: 1 });
    expect(conversion(5, 0)).toEqual({ deals: 0, share: 0 });
    expect(conversion(0, 0)).toEqual({ deals: 0, share: null });
  });

  it('never shows as all what is not all', () => {
    expect(conversion(20_000, 19_999)).toEqual({ deals: 19_999, share: 0.9999 });
  });
});
