import { isCurrency, minorFromAmount } from './money.ts';
import { type Interval, intervalOf, type Qualifier } from './qualified-value.ts';
import { readStatedAmount } from './stated.ts';

/** An amount of money as it was said: maybe a bound, maybe in words. */
export interface MoneyFigure {
  minor: number;
  currency: string;
  qualifier: Qualifier;
  /** The words in which it was said, to the letter; null when it was sent as a number. */
  stated: string | null;
}

/**
 * What an amount of money stands for, in minor units: not less than nothing, and without a bound above (Infinity) where
 * it says none. 9000万以上 is [9,000,000,000,000 分, Infinity].
 */
export function moneyInterval({ minor, qualifier }: Pick<MoneyFigure, 'minor' | 'qualifier'>): Interval {
  return intervalOf(minor, qualifier, 0, Number.POSITIVE_INFINITY);
}

export interface StatedMoney {
  ok: true;
  minor: number;
  currency: string;
  qualifier: Qualifier;
}

export interface StatedMoneyRefusal {
  ok: false;
  /** What of the two is wrong. */
  field: 'stated' | 'currency';
  /** A sentence for the person who typed it. */
  reason: string;
}

/**
 * Reads an amount of money as people type it: 9000万以上 in CNY, 1.29亿元, 500万美元.
 * @param currency that of the thing it is said of; null where only the words say it
 */
export function readStatedMoney(text: string, currency: string | null): StatedMoney | StatedMoneyRefusal {
  const read = readStatedAmount(text);
  if (!read.ok) return refused('stated', `${faultIn(read.reason)}: write one amount, ${likeThis}`);
  const { digits, decimals, unit, qualifier } = read;
  const unitCurrency = unit === null ? null : currencyOfUnit(unit);
  if (unit !== null && unitCurrency === null)
    return refused('stated', `is in ${unit}, which is no money: write it as in 9000万元`);
  if (unitCurrency !== null && currency !== null && unitCurrency !== currency)
    return refused('currency', `must be left out, or ${unitCurrency} as stated says`);
  const known = unitCurrency ?? currency;
  if (known === null) return refused('currency', 'is required, since stated names none');
  const minor = minorFromAmount(Number(`${digits}e-${decimals}`), known);
  if (minor === null) {
    const fault = isCurrency(known) ? 'stated' : 'currency';
    const bounds = `must have no more decimals than ${known} has, and at most fifteen digits in its smallest unit`;
    return refused(fault, fault === 'stated' ? bounds : 'must be an ISO 4217 code, such as CNY');
  }
  if (isLessThanNothing({ minor, qualifier }))
    return refused('stated', 'says less than nothing: write the amount that it is');
  return { ok: true, minor, currency: known, qualifier };
}

const likeThis = 'as in 9000万元, 9000万元以上 or 1.29亿元';

/** Of the refusal of any figure, what is wrong: what it would have one write may be a percent. */
function faultIn(reason: string): string {
  return reason.slice(0, reason.lastIndexOf(': '));
}

/** No amount is below 0, whoever says it in words or in numbers. */
export function isLessThanNothing({ minor, qualifier }: Pick<MoneyFigure, 'minor' | 'qualifier'>): boolean {
  return minor === 0 && (qualifier === 'lessThan' || qualifier === 'nearly');
}

/** The currency that a unit of a stated amount names, be it by its code; null where it names none. */
function currencyOfUnit(unit: string): string | null {
  if (Object.hasOwn(currencies, unit)) return currencies[unit] ?? null;
  return isCurrency(unit) ? unit : null;
}

/** Names that mean one currency and no other; 块 and 刀 are not among them. */
const currencies: Readonly<Record<string, string>> = {
  元: 'CNY',
  人民币: 'CNY',
  元人民币: 'CNY',
  美元: 'USD',
  欧元: 'EUR',
  港元: 'HKD',
  港币: 'HKD',
  日元: 'JPY',
  英镑: 'GBP',
};

function refused(field: StatedMoneyRefusal['field'], reason: string): StatedMoneyRefusal {
  return { ok: false, field, reason };
}
