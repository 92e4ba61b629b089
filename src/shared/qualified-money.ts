/** An amount of money that may be unknown or a bound, in minor units of its currency; at least nothing, without a greatest. */
import { moneyInterval } from './money-figure.ts';
import type { Qualifier } from './qualified-value.ts';

/** What is said of an amount. */
export interface SaidMoney {
  /** Null where the amount is not known. */
  amountMinor: number | null;
  /** Of the amount; `exact` without one. */
  qualifier: Qualifier;
  /** The words in which the amount was said, to the letter; null when it was sent as a number. */
  stated: string | null;
}

/** Between how much and how much an amount lies, both ends included. */
export interface MinorInterval {
  lowMinor: number;
  /** Null: nobody said how much it is at most. */
  highMinor: number | null;
}

/** 90,000,000 atLeast is at least that and unbounded; an unknown amount is anything from nothing on. */
export function minorIntervalOf({
  amountMinor,
  qualifier,
}: Pick<SaidMoney, 'amountMinor' | 'qualifier'>): MinorInterval {
  if (amountMinor === null) return { lowMinor: 0, highMinor: null };
  const { low, high } = moneyInterval({ minor: amountMinor, qualifier });
  return { lowMinor: low, highMinor: high === Number.POSITIVE_INFINITY ? null : high };
}
