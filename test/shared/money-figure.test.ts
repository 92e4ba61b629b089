import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyInterval, readStatedMoney } from '../../src/shared/money-figure.ts';

describe('an amount of money in words', () => {
  test.each([
    ['9000万以上', 'CNY', { minor: 9_000_000_000, currency: 'CNY', qualifier: 'atLeast' }],
    ['1.29亿元', null, { minor: 12_900_000_000, currency: 'CNY', qualifier: 'exact' }],
    ['500万美元', null, { minor: 500_000_000, currency: 'USD', qualifier: 'exact' }],
    ['近300万日元', 'JPY', { minor: 3_000_000, currency: 'JPY', qualifier: 'nearly' }],
    ['0.07元', 'CNY', { minor: 7, currency: 'CNY', qualifier: 'exact' }],
  ])('%s, in %s', (text, currency, expected) => {
    expect(readStatedMoney(text, currency)).toEqual({ ok: true, ...expected });
  });

  test.each([
    ['9000万以上', null, 'currency', 'is required, since stated names none'],
    ['9000万元', 'USD', 'currency', 'must be left out, or CNY as stated says'],
    ['9000万', 'ABC', 'currency', 'must be an ISO 4217 code, such as CNY'],
    ['563户', 'CNY', 'stated', 'is in 户, which is no money: write it as in 9000万元'],
    ['1.005元', 'CNY', 'stated', /no more decimals than CNY has/],
    ['不足0元', 'CNY', 'stated', 'says less than nothing: write the amount that it is'],
    ['很多', 'CNY', 'stated', /^“很多” holds no number.*as in 9000万元, 9000万元以上 or 1\.29亿元$/],
    ['8000万到9000万元', 'CNY', 'stated', /^“8000万到9000万元” is a range: write one amount, as in 9000万元/],
    ['三分之二', 'CNY', 'stated', /^[^%]+$/],
  ])('%s, in %s, is refused', (text, currency, field, reason) => {
    const read = readStatedMoney(text, currency);
    expect(read).toMatchObject({ ok: false, field });
    if (!read.ok) expect(read.reason).toMatch(reason);
  });

  test('is exact to the 分, and never below nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 13 }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}元`;
        expect(readStatedMoney(text, null)).toMatchObject({ ok: true, minor });
        expect(moneyInterval({ minor, qualifier: 'atMost' }).low).toBe(0);
        expect(moneyInterval({ minor, qualifier: 'moreThan' }).high).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
