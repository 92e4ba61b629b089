import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceiled, decimal, floored, halfUp } from '../../src/formulas/ratio.ts';

describe('a quotient', () => {
  it('is rounded down, up, or half up, below 0 too', () => {
    expect([floored(7n, 2n), floored(-7n, 2n), floored(-8n, 2n)]).toEqual([3n, -4n, -4n]);
    expect([ceiled(7n, 2n), ceiled(-7n, 2n), ceiled(8n, 2n)]).toEqual([4n, -3n, 4n]);
    expect([halfUp(7n, 2n), halfUp(-7n, 2n), halfUp(-5n, 3n), halfUp(4n, 3n)]).toEqual([4n, -3n, -2n, 1n]);
    expect([decimal(2n, 3n, 4), decimal(-2n, 3n, 4), decimal(1n, 20_000n, 4)]).toEqual([
      0.6667, -0.6667, 0.0001,
    ]);
  });

  it('lies between its floor and its ceiling', () => {
    const wholes = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(wholes, fc.bigInt({ min: 1n, max: 10n ** 20n }), (numerator, denominator) => {
        const [low, high] = [floored(numerator, denominator), ceiled(numerator, denominator)];
        expect(low * denominator <= numerator && numerator <= high * denominator).toBe(true);
        expect(high - low).toBe(numerator % denominator === 0n ? 0n : 1n);
        const nearest = halfUp(numerator, denominator) * denominator * 2n - numerator * 2n;
        expect(nearest <= denominator && nearest > -denominator).toBe(true);
      }),
    );
  });
});
