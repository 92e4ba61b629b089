import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountFromMinor, isCurrency, maximumMinor, minorFromAmount } from '../../src/shared/money.ts';

describe('an amount of money', () => {
  it.each([
    [129_000_000, 'CNY', 12_900_000_000],
    [4258.4, 'CNY', 425_840],
    [1.1, 'CNY', 110],
    [0.07, 'CNY', 7],
    [-12.34, 'CNY', -1_234],
    [100, 'JPY', 100],
    [1.234, 'KWD', 1_234],
    [9_999_999_999_999.99, 'CNY', maximumMinor],
  ])('of %d %s is %d in minor units', (amount, currency, minor) => {
    expect(minorFromAmount(amount, currency)).toBe(minor);
    expect(amountFromMinor(minor, currency)).toBe(amount);
  });

  it.each([
    [1.005, 'CNY'],
    [0.5, 'JPY'],
    [1.2345, 'KWD'],
    [10_000_000_000_000, 'CNY'],
    [1e300, 'CNY'],
    [Number.NaN, 'CNY'],
    [Number.POSITIVE_INFINITY, 'CNY'],
    [1, 'cny'],
    [1, 'CNY '],
    [1, 'QQQ'],
    [1, ''],
  ])('of %d %j is refused', (amount, currency) => {
    expect(minorFromAmount(amount, currency)).toBeNull();
  });

  it('survives the way out and back in, whatever it is', () => {
    const minors = fc.integer({ min: -maximumMinor, max: maximumMinor });
    fc.assert(
      fc.property(minors, fc.constantFrom('CNY', 'JPY', 'KWD'), (minor, currency) => {
        const sent = JSON.parse(JSON.stringify(amountFromMinor(minor, currency)));
        return minorFromAmount(sent, currency) === minor;
      }),
    );
  });

  it('has no negative zero', () => {
    expect(Object.is(minorFromAmount(-0, 'CNY'), 0)).toBe(true);
  });

  it('is in a currency of ISO 4217', () => {
    expect(['CNY', 'USD', 'HKD'].every(isCurrency)).toBe(true);
    expect(['cny', 'RMB', '人民币', ''].some(isCurrency)).toBe(false);
  });
});
