import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Addend, moneySum, moneySums } from '../../src/formulas/money-sum.ts';
import { maximumMinor } from '../../src/shared/money.ts';
import { minorIntervalOf } from '../../src/shared/qualified-money.ts';
import { type Qualifier, qualifiers } from '../../src/shared/qualified-value.ts';

function amount(amountMinor: number | null, qualifier: Qualifier = 'exact'): Addend {
  return {
    amountMinor,
    qualifier: amountMinor === null ? null : qualifier,
    ...minorIntervalOf({ amountMinor, qualifier }),
  };
}

const amounts = fc.record({
  minor: fc.option(fc.integer({ min: 0, max: maximumMinor }), { freq: 5 }),
  qualifier: fc.constantFrom(...qualifiers),
});
const addend = amounts.map(({ minor, qualifier }) => amount(minor, qualifier));
const currency = fc.constantFrom('CNY', 'USD', 'JPY');

describe('what several amounts come to', () => {
  it('is bounded from below alone where one is at least so much, or not known', () => {
    const sum = moneySum([amount(9_000_000_000, 'atLeast'), amount(1_000_000_000), amount(null)]);
    expect(sum).toEqual({
      lowMinor: 10_000_000_000n,
      highMinor: null,
      qualifier: 'atLeast',
      count: 3,
      unknown: 1,
    });
  });

  it('is bounded on both sides where one is at most so much', () => {
    expect(moneySum([amount(5_000_000_000, 'atMost'), amount(1_000_000_000)])).toMatchObject({
      lowMinor: 1_000_000_000n,
      highMinor: 6_000_000_000n,
      qualifier: 'between',
    });
    expect(moneySum([amount(5, 'nearly')])).toMatchObject({
      lowMinor: 0n,
      highMinor: 5n,
      qualifier: 'atMost',
    });
  });

  it('is nothing where there are none, and anything where none is known', () => {
    expect(moneySum([])).toEqual({ lowMinor: 0n, highMinor: 0n, qualifier: 'exact', count: 0, unknown: 0 });
    const unknown = { lowMinor: 0n, highMinor: null, qualifier: 'between', count: 2, unknown: 2 };
    expect(moneySum([amount(null), amount(null)])).toEqual(unknown);
  });

  it('is as approximate as one of them', () => {
    expect(moneySum([amount(5, 'about'), amount(7)])).toMatchObject({ lowMinor: 12n, qualifier: 'about' });
  });

  it('is exact however large, and the same in any order and in parts', () => {
    fc.assert(
      fc.property(fc.array(addend, { maxLength: 300 }), fc.nat(), (some, at) => {
        const sum = moneySum(some);
        const cut = some.length === 0 ? 0 : at % some.length;
        const [one, other] = [moneySum(some.slice(0, cut)), moneySum(some.slice(cut))];
        expect(sum.lowMinor).toBe(one.lowMinor + other.lowMinor);
        expect(sum.highMinor).toBe(
          one.highMinor === null || other.highMinor === null ? null : one.highMinor + other.highMinor,
        );
        expect(sum.unknown).toBe(one.unknown + other.unknown);
        expect(moneySum(some.toReversed())).toEqual(sum);
      }),
    );
  });

  it('holds every value that its amounts may have, and no narrower interval does', () => {
    const withValue = addend.chain((each) =>
      fc
        .integer({ min: each.lowMinor, max: each.highMinor ?? maximumMinor * 2 })
        .map((value) => ({ each, value })),
    );
    fc.assert(
      fc.property(fc.array(withValue, { maxLength: 50 }), (some) => {
        const sum = moneySum(some.map(({ each }) => each));
        const value = some.reduce((total, each) => total + BigInt(each.value), 0n);
        expect(value >= sum.lowMinor).toBe(true);
        expect(sum.highMinor === null || value <= sum.highMinor).toBe(true);
        const least = some.reduce((total, { each }) => total + BigInt(each.lowMinor), 0n);
        expect(sum.lowMinor).toBe(least);
        expect(sum.highMinor === null).toBe(some.some(({ each }) => each.highMinor === null));
      }),
    );
  });

  it('never mixes currencies', () => {
    const inCurrency = fc.tuple(addend, currency).map(([each, code]) => ({ ...each, currency: code }));
    fc.assert(
      fc.property(fc.array(inCurrency, { maxLength: 60 }), (some) => {
        const sums = moneySums(some);
        const codes = [...new Set(some.map((each) => each.currency))].sort();
        expect([...sums.keys()]).toEqual(codes);
        for (const code of codes)
          expect(sums.get(code)).toEqual(moneySum(some.filter((each) => each.currency === code)));
      }),
    );
  });
});
