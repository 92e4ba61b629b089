import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FULL,
  hundredthsFromNumber,
  numberFromHundredths,
  shownHundredths,
  shownPercent,
  shownShare,
  toFine,
} from '../../src/shared/percent.ts';

const hundredths = fc.integer({ min: 0, max: 10_000 });
const fine = fc.integer({ min: 0, max: FULL });

describe('a percent sent as a number', () => {
  it('is kept exactly for every value of two decimals', () => {
    for (let value = 0; value <= 10_000; value += 1) {
      expect(hundredthsFromNumber(Number((value / 100).toFixed(2)))).toBe(value);
      expect(hundredthsFromNumber(numberFromHundredths(value))).toBe(value);
    }
  });

  it.each([-0.01, 100.01, 85.123, 0.001, 99.999, 1e-300, Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'is refused when it is %s',
    (value) => {
      expect(hundredthsFromNumber(value)).toBeNull();
    },
  );

  it('has no negative zero', () => {
    expect(Object.is(hundredthsFromNumber(-0), 0)).toBe(true);
  });
});

describe('a percent that is shown', () => {
  it('is what was reported', () => {
    fc.assert(fc.property(hundredths, (value) => shownHundredths(toFine(value)) === value));
  });

  it('is 100 at exactly 100 and never below', () => {
    expect(shownPercent(FULL)).toBe(100);
    expect(shownPercent(FULL - 1)).toBe(99.99);
    fc.assert(fc.property(fc.integer({ min: 0, max: FULL - 1 }), (value) => shownPercent(value) < 100));
  });

  it('is rounded half up', () => {
    expect(shownPercent(5_666_666_666)).toBe(56.67);
    expect(shownPercent(499_999)).toBe(0);
    expect(shownPercent(500_000)).toBe(0.01);
    fc.assert(
      fc.property(fine, (value) => {
        const exact = Number((BigInt(value) + 500_000n) / 1_000_000n);
        return shownHundredths(value) === (value < FULL ? Math.min(exact, 9_999) : exact);
      }),
    );
  });

  it('keeps the order of the percents it shows', () => {
    fc.assert(fc.property(fine, fine, (a, b) => a > b || shownHundredths(a) <= shownHundredths(b)));
  });
});

describe('a share that is shown', () => {
  it('has four decimals, and is 1 only when it is whole', () => {
    expect(shownShare(6_666_666_666)).toBe(0.6667);
    expect(shownShare(0)).toBe(0);
    expect(shownShare(FULL)).toBe(1);
    expect(shownShare(FULL - 1)).toBe(0.9999);
  });
});
