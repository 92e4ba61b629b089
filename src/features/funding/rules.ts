import type { CalendarDate } from '../../shared/calendar-date.ts';
import { JinduError } from '../../shared/errors.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { type MinorInterval, minorIntervalOf, type SaidMoney } from '../../shared/qualified-money.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';
import { type Funding, type FundingAmount, type FundingStatus, fundingStatuses } from './funding.ts';

/** How many lines of funding a project may have in use. */
export const mostLines = 200;

/** Of how many days and statuses amounts may be in force on one line. */
export const mostAmounts = 500;

/** How much had come to a status by a day. */
export interface StatusTotal extends MinorInterval {
  /** Null where the amount is not known. */
  amountMinor: number | null;
  /** Of the amount; null without one. */
  qualifier: Qualifier | null;
  stated: string | null;
  /** The day that the amount speaks of. */
  asOf: CalendarDate;
  /** The first day that anybody named on which the line came to the status; null: not known. */
  since: CalendarDate | null;
}

/** By status; null where nothing of the kind is said. */
export type Totals = Record<FundingStatus, StatusTotal | null>;

type Line = Pick<Funding, 'projectId' | 'id'>;

/**
 * How much had come to each status on a line by a day.
 * @param amounts what was in force at the moment that is asked about, of all days; those of other lines may be among it
 */
export function totalsOn(line: Line, amounts: readonly FundingAmount[], day: CalendarDate): Totals {
  const own = amounts.filter(
    ({ projectId, fundingId }) => projectId === line.projectId && fundingId === line.id,
  );
  const total = (status: FundingStatus) => totalOn(own, status, day);
  return {
    sought: total('sought'),
    committed: total('committed'),
    arrived: total('arrived'),
    withdrawn: total('withdrawn'),
  };
}

function totalOn(
  amounts: readonly FundingAmount[],
  status: FundingStatus,
  day: CalendarDate,
): StatusTotal | null {
  const held = heldBy(amounts, status, day);
  const amount = held.at(-1);
  if (amount === undefined) return null;
  const days = held.flatMap(({ since }) => (since === null ? [] : [since]));
  return {
    amountMinor: amount.amountMinor,
    qualifier: amount.amountMinor === null ? null : amount.qualifier,
    ...minorIntervalOf(amount),
    stated: amount.stated,
    asOf: amount.asOf,
    since: days.length === 0 ? null : days.reduce((first, next) => (next < first ? next : first)),
  };
}

/**
 * How far a line had come by a day: the farthest status of which something is said, taken back being the farthest. What
 * is surely nothing (0 arrived) is no status. Null where nothing is said.
 * @param amounts what was in force of that line, of all days
 */
export function statusOn(amounts: readonly FundingAmount[], day: CalendarDate): FundingStatus | null {
  const reached = fundingStatuses.filter((status) => {
    const amount = inForceOn(amounts, status, day);
    return amount !== null && !isSurelyNothing(amount);
  });
  return reached.at(-1) ?? null;
}

/** 0, and not more than 0 at least. */
export function isSurelyNothing(said: Pick<SaidMoney, 'amountMinor' | 'qualifier'>): boolean {
  return minorIntervalOf(said).highMinor === 0;
}

/** Whether of what came there surely is some: how much is unknown, or it is above 0, or nearly an amount above 0. */
export function isThere({ amountMinor, qualifier }: Pick<StatusTotal, 'amountMinor' | 'qualifier'>): boolean {
  if (amountMinor === null || qualifier === null) return true;
  return (
    minorIntervalOf({ amountMinor, qualifier }).lowMinor > 0 || (qualifier === 'nearly' && amountMinor > 0)
  );
}

/** What says how much had come to a status by a day; null where nothing does. */
export function inForceOn(
  amounts: readonly FundingAmount[],
  status: FundingStatus,
  day: CalendarDate,
): FundingAmount | null {
  return heldBy(amounts, status, day).at(-1) ?? null;
}

function heldBy(
  amounts: readonly FundingAmount[],
  status: FundingStatus,
  day: CalendarDate,
): FundingAmount[] {
  return held(amounts.filter((amount) => amount.status === status))
    .filter(({ from }) => from <= day)
    .map(({ amount }) => amount);
}

interface Held {
  from: CalendarDate;
  amount: FundingAmount;
}

/**
 * The amounts of one status by the day from which each holds. It is the day on which it came about, if that is known and
 * the amount before it does not speak of that day or a later one; else the day that it speaks of. The first holds from
 * the first day that anybody named.
 */
function held(amounts: readonly FundingAmount[]): Held[] {
  const inOrder = amounts.toSorted((one, other) => (one.asOf < other.asOf ? -1 : 1));
  const first = inOrder
    .map(({ since, asOf }) => since ?? asOf)
    .reduce((earliest, day) => (day < earliest ? day : earliest), '9999-12-31');
  return inOrder.map((amount, index) => {
    const before = inOrder[index - 1];
    if (before === undefined) return { from: first, amount };
    const { since, asOf } = amount;
    return { from: since !== null && since > before.asOf ? since : asOf, amount };
  });
}

/** Of an amount, what tells whether it falls. */
export type Spoken = Pick<FundingAmount, 'status' | 'asOf' | 'amountMinor' | 'qualifier' | 'reason'>;

/**
 * Amounts are cumulative, so of one status they do not fall in time unless somebody says why: not below the nearest
 * earlier one that says how much it is at least, nor above the nearest later one that says how much it is at most. The
 * reason is the falling amount's own, so a later one that already gives one may be lower.
 * @param amounts what is in force on the line; one of the same status and day, which this takes the place of, says nothing
 * @throws JinduError `amount_falls`
 */
export function assertAmountDoesNotFall(
  said: Spoken,
  amounts: readonly FundingAmount[],
  currency: string,
): void {
  if (said.reason !== null) return;
  const { lowMinor, highMinor } = minorIntervalOf(said);
  const others = amounts
    .filter(({ status, asOf }) => status === said.status && asOf !== said.asOf)
    .toSorted((one, other) => (one.asOf < other.asOf ? -1 : 1));
  const before = others.findLast((each) => each.asOf < said.asOf && minorIntervalOf(each).lowMinor > 0);
  if (before !== undefined && highMinor !== null && highMinor < minorIntervalOf(before).lowMinor) {
    throw needsReason(
      'amount_falls',
      `${textOf(said, currency)} is less than the ${textOf(before, currency)} ${said.status} by ${before.asOf}`,
      'where an amount falls',
    );
  }
  const after = others.find((each) => each.asOf > said.asOf && minorIntervalOf(each).highMinor !== null);
  if (after === undefined || after.reason !== null) return;
  const most = minorIntervalOf(after).highMinor;
  if (most !== null && lowMinor > most) {
    throw needsReason(
      'amount_falls',
      `${textOf(said, currency)} is more than the ${textOf(after, currency)} ${said.status} by ${after.asOf}`,
      'where an amount falls',
    );
  }
}

/**
 * Where something is said of both, no more has arrived than was committed, or one of the two amounts says why.
 * @param said one of the amounts, which is about to be kept
 * @param amounts what is in force on the line then, `said` among it
 * @throws JinduError `arrived_exceeds_committed`
 */
export function assertArrivedWithinCommitted(
  said: FundingAmount,
  amounts: readonly FundingAmount[],
  currency: string,
): void {
  if (said.reason !== null || (said.status !== 'arrived' && said.status !== 'committed')) return;
  const of = (status: FundingStatus) => held(amounts.filter((amount) => amount.status === status));
  const [arrivals, commitments] = [of('arrived'), of('committed')];
  const heldOn = (all: readonly Held[], day: CalendarDate) => all.findLast(({ from }) => from <= day)?.amount;
  for (const { from: day } of [...arrivals, ...commitments]) {
    const [arrived, committed] = [heldOn(arrivals, day), heldOn(commitments, day)];
    if (arrived === undefined || committed === undefined) continue;
    if (arrived !== said && committed !== said) continue;
    if (arrived.reason !== null || committed.reason !== null) continue;
    const most = minorIntervalOf(committed).highMinor;
    if (most === null || minorIntervalOf(arrived).lowMinor <= most) continue;
    throw needsReason(
      'arrived_exceeds_committed',
      `${textOf(arrived, currency)} arrived by ${arrived.asOf} is more than the ${textOf(committed, currency)} committed by ${committed.asOf}`,
      'where more has arrived than was committed',
    );
  }
}

function needsReason(
  code: 'amount_falls' | 'arrived_exceeds_committed',
  detail: string,
  where: string,
): JinduError {
  return new JinduError(code, detail, [
    { pointer: '/reason', code: 'required', message: `is required ${where}: say why` },
  ]);
}

function textOf({ amountMinor, qualifier }: Pick<SaidMoney, 'amountMinor' | 'qualifier'>, currency: string) {
  if (amountMinor === null) return 'unknown amount';
  return `${qualifier === 'exact' ? '' : `${qualifier} `}${amountFromMinor(amountMinor, currency)} ${currency}`;
}

/** @throws JinduError `archived` */
export function assertLineInUse({ id, archivedAt }: Funding): void {
  if (archivedAt !== null)
    throw new JinduError('archived', `the line of funding ${id} is archived: restore it first`);
}
