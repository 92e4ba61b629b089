/**
 * What several amounts of one currency come to, where some are bounds and some are not known.
 *
 *     low = Σ low      high = Σ high, or without a bound as soon as one has none      unknown = how many have no amount
 *
 * An unknown amount is anything from nothing on, so it adds nothing to `low` and takes away the bound of `high`: missing is
 * not zero. Sums are of whole minor units, whatever they come to. Amounts of several currencies are summed each for
 * itself, and never into one.
 *
 * Worked figure: 9000万元以上, exactly 1000万元 and an unknown amount come to at least 1亿元, without a bound, one unknown;
 * 5000万元以下 and exactly 1000万元 to between 1000万元 and 6000万元.
 *
 * Source: the sum of closed intervals (IEEE 1788-2015, 9.1: [a, b] + [c, d] = [a + c, b + d]).
 */
import type { MinorInterval, SaidMoney } from '../shared/qualified-money.ts';
import type { ComputedQualifier } from './effective-progress.ts';

/** One of the amounts, with the interval that it stands for. */
export interface Addend extends MinorInterval, Pick<SaidMoney, 'amountMinor'> {
  /** What was said of the amount; null without one. */
  qualifier: SaidMoney['qualifier'] | null;
}

export interface MoneySum {
  lowMinor: bigint;
  /** Null: without a bound. */
  highMinor: bigint | null;
  qualifier: ComputedQualifier;
  /** How many amounts there are, the unknown ones among them. */
  count: number;
  unknown: number;
}

/** The sum of these amounts, all in one currency. Of no amounts it is exactly nothing. */
export function moneySum(amounts: readonly Addend[]): MoneySum {
  let lowMinor = 0n;
  let highMinor: bigint | null = 0n;
  let unknown = 0;
  let approximate = false;
  for (const amount of amounts) {
    lowMinor += BigInt(amount.lowMinor);
    highMinor = highMinor === null || amount.highMinor === null ? null : highMinor + BigInt(amount.highMinor);
    if (amount.amountMinor === null) unknown += 1;
    approximate ||= amount.qualifier === 'about';
  }
  const qualifier = qualifierOf(lowMinor, highMinor, approximate);
  return { lowMinor, highMinor, qualifier, count: amounts.length, unknown };
}

/** The same for each currency by itself, by its code. */
export function moneySums(amounts: readonly (Addend & { currency: string })[]): Map<string, MoneySum> {
  const byCurrency = [...Map.groupBy(amounts, ({ currency }) => currency)];
  return new Map(
    byCurrency.sort(([one], [other]) => (one < other ? -1 : 1)).map(([code, some]) => [code, moneySum(some)]),
  );
}

function qualifierOf(low: bigint, high: bigint | null, approximate: boolean): ComputedQualifier {
  if (high === null) return low > 0n ? 'atLeast' : 'between';
  if (low === high) return approximate ? 'about' : 'exact';
  return low > 0n ? 'between' : 'atMost';
}
