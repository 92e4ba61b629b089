import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalOf, isApproximate, qualifiers } from '../../src/shared/qualified-value.ts';

describe('a qualified value', () => {
  it.each([
    ['exact', 85, 85],
    ['about', 85, 85],
    ['atLeast', 85, 100],
    ['moreThan', 85, 100],
    ['atMost', 0, 85],
    ['lessThan', 0, 85],
    ['nearly', 0, 85],
  ] as const)('of 85 %s stands for %d to %d', (qualifier, low, high) => {
    expect(intervalOf(85, qualifier, 0, 100)).toEqual({ low, high });
  });

  it('always lies in its own interval, and its interval within the limits', () => {
    const sorted = fc
      .tuple(fc.integer(), fc.integer(), fc.integer())
      .map((three) => three.sort((a, b) => a - b));
    fc.assert(
      fc.property(sorted, fc.constantFrom(...qualifiers), ([min = 0, value = 0, max = 0], qualifier) => {
        const { low, high } = intervalOf(value, qualifier, min, max);
        expect(min <= low && low <= value && value <= high && high <= max).toBe(true);
      }),
    );
  });

  it('may have no limit on a side', () => {
    expect(intervalOf(7000, 'atLeast', 0, Number.POSITIVE_INFINITY).high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is approximate when it is "about", and not when it is a bound', () => {
    expect(qualifiers.filter(isApproximate)).toEqual(['about']);
  });
});
