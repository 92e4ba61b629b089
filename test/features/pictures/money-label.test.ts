import { describe, expect, test } from 'vitest';
import { type MoneyFigure, moneyLabel } from '../../../src/features/pictures/index.ts';

function figure(
  low: number,
  high: number | null,
  qualifier: MoneyFigure['qualifier'],
  unknown = 0,
): MoneyFigure {
  return { low, high, qualifier, unknown };
}

describe('money in words', () => {
  test.each<[MoneyFigure, string, string]>([
    [figure(90_000_000, 90_000_000, 'exact'), '9000万元', 'CNY 90 million'],
    [figure(129_000_000, 129_000_000, 'exact'), '1.29亿元', 'CNY 129 million'],
    [figure(90_000_000, null, 'atLeast'), '9000万元以上', '≥ CNY 90 million'],
    [
      figure(90_000_000, null, 'atLeast', 1),
      '9000万元以上（另1笔未知）',
      '≥ CNY 90 million (1 more unknown)',
    ],
    [figure(0, 50_000_000, 'atMost'), '不超过5000万元', '≤ CNY 50 million'],
    [figure(10_000_000, 60_000_000, 'between'), '1000万元～6000万元', 'CNY 10 million – CNY 60 million'],
    [figure(42_584_000, 42_584_000, 'about'), '约4258.4万元', 'about CNY 42,584,000'],
    [figure(1_200_000_000, 1_200_000_000, 'exact'), '12亿元', 'CNY 1.2 billion'],
    [figure(123_456_789.12, 123_456_789.12, 'exact'), '123,456,789.12元', 'CNY 123,456,789.12'],
    [figure(0, 0, 'exact'), '0元', 'CNY 0'],
    [figure(0, null, 'between', 2), '金额未知', 'amount unknown'],
  ])('%o is %s', (money, chinese, english) => {
    expect(moneyLabel(money, 'CNY', 'zh')).toBe(chinese);
    expect(moneyLabel(money, 'CNY', 'en')).toBe(english);
  });

  test('names a currency that is not the yuan', () => {
    expect(moneyLabel(figure(5_000_000, null, 'atLeast'), 'USD', 'zh')).toBe('USD 500万以上');
  });
});
