import { type Addend, type MoneySum, moneySum } from '../../formulas/money-sum.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { type FundingStatus, fundingStatuses, totalsOn } from '../funding/index.ts';
import type { DealFacts } from './deal.ts';

/** How much of a line had come to a status by a day. */
export interface LineTotal extends Addend {
  currency: string;
  status: FundingStatus;
}

/** What had come to which status by a day, line by line. */
export function lineTotalsOn({ funding, amounts }: DealFacts, day: CalendarDate): LineTotal[] {
  return funding.flatMap((line) => {
    const own = amounts.filter(({ fundingId }) => fundingId === line.id);
    const totals = totalsOn(line, own, day);
    return fundingStatuses.flatMap((status) => {
      const total = totals[status];
      return total === null ? [] : [{ ...total, currency: line.currency, status }];
    });
  });
}

export interface CurrencyMoney extends Record<FundingStatus, MoneySum> {
  currency: string;
}

/** The sums of each currency by itself, by its code; nothing is ever added to what is in another. */
export function moneyByCurrency(totals: readonly LineTotal[]): CurrencyMoney[] {
  const currencies = [...Map.groupBy(totals, ({ currency }) => currency)];
  return currencies
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, some]) => moneyIn(currency, some));
}

/** @param totals all in this currency */
export function moneyIn(currency: string, totals: readonly LineTotal[]): CurrencyMoney {
  const sumOf = (status: FundingStatus) => moneySum(totals.filter((total) => total.status === status));
  return {
    currency,
    sought: sumOf('sought'),
    committed: sumOf('committed'),
    arrived: sumOf('arrived'),
    withdrawn: sumOf('withdrawn'),
  };
}
