import type { MeetingFact } from '../milestones/index.ts';
import type { Funding, FundingAmount } from './funding.ts';
import { isThere } from './rules.ts';

/** Money that has arrived puts the funding of a deal in place; null where it has not. */
export function meetingByAmount(
  { title }: Pick<Funding, 'title'>,
  amount: FundingAmount,
): MeetingFact | null {
  if (amount.status !== 'arrived' || !isThere(amount)) return null;
  const { since, asOf } = amount;
  return { milestone: 'funding-in-place', on: since, by: asOf, because: `资金到位：${title}` };
}
