import { isDeepStrictEqual } from 'node:util';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { fieldError, JinduError, notYet } from '../../shared/errors.ts';
import { intervalOf, qualifiers } from '../../shared/qualified-value.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { type DonePart, type Quantity, scale } from '../projects/index.ts';
import type { Report, ReportFacts } from './report.ts';

/** What is said of which project and day. */
export interface Said {
  projectId: string;
  asOf: CalendarDate;
  /** Where in the request the day was sent; `/asOf` unless told. */
  asOfPointer?: string;
  facts: ReportFacts;
}

/** Everything in a report that was said rather than made by the server. */
export function factsOf(report: Report): ReportFacts {
  const {
    percentHundredths,
    qualifier,
    stated,
    quantities,
    spentMinor,
    spentCurrency,
    note,
    reason,
    citation,
  } = report;
  return {
    percentHundredths,
    qualifier,
    stated,
    quantities,
    spentMinor,
    spentCurrency,
    note,
    reason,
    citation,
  };
}

/**
 * What a report comes to when `present` is the current revision for its project and day: a first one, the next one, or
 * the very same object when nothing new is said.
 */
export function revised(
  present: Report | null,
  said: Said,
  now: Instant,
  recordedBy: string,
): { report: Report; verdict: Verdict } {
  const { projectId, asOf, facts } = said;
  if (present !== null && !present.withdrawn && isSame(factsOf(present), facts)) {
    return { report: present, verdict: 'unchanged' };
  }
  const revision = (present?.revision ?? 0) + 1;
  const report = {
    projectId,
    asOf,
    ...facts,
    revision,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
    withdrawn: false,
  };
  return { report, verdict: present === null ? 'created' : 'corrected' };
}

/** Whether two reports say the same; the order in which quantities are told says nothing. */
function isSame(one: ReportFacts, other: ReportFacts): boolean {
  return isDeepStrictEqual(inOrder(one), inOrder(other));
}

function inOrder(facts: ReportFacts): ReportFacts {
  if (facts.quantities.length < 2) return facts;
  return { ...facts, quantities: facts.quantities.toSorted((a, b) => (a.code < b.code ? -1 : 1)) };
}

/** @throws JinduError `future_date` */
export function assertNotFuture({ asOf, asOfPointer = '/asOf' }: Said, today: CalendarDate): void {
  if (asOf > today) throw notYet(asOfPointer, asOf, today);
}

/** @throws JinduError `validation_failed` when nothing at all is said */
export function assertSaysSomething(facts: ReportFacts): void {
  if (facts.percentHundredths !== null || facts.quantities.length > 0 || facts.spentMinor !== null) return;
  throw fieldError(
    'validation_failed',
    '/percent',
    'required',
    'is required, or else stated (such as "85%以上"), quantities, or spent',
  );
}

/**
 * Quantities done must be among those that the project has, and not more of them.
 * @throws JinduError `unprocessable`
 */
export function assertWithinScope(facts: ReportFacts, scope: readonly Quantity[]): void {
  for (const [index, { code, valueScaled }] of facts.quantities.entries()) {
    const total = scope.find((quantity) => quantity.code === code);
    if (facts.quantities.findIndex((quantity) => quantity.code === code) !== index) {
      throw new JinduError('unprocessable', `the quantity ${code} is there twice`, [
        { pointer: `/quantities/${index}/code`, code: 'repeated', message: 'must be used once in a report' },
      ]);
    }
    if (total === undefined) {
      const known = scope.map((quantity) => quantity.code).join(', ') || 'none';
      throw new JinduError('unprocessable', `the project has no quantity ${code}`, [
        {
          pointer: `/quantities/${index}/code`,
          code: 'unknown_quantity',
          message: `must be a quantity of the project (${known})`,
        },
      ]);
    }
    if (valueScaled > total.valueScaled) {
      throw new JinduError('unprocessable', `more ${code} done than the project has`, [
        {
          pointer: `/quantities/${index}/value`,
          code: 'maximum',
          message: `must be at most ${total.valueScaled / scale} ${total.unit}, the project’s own figure`,
        },
      ]);
    }
  }
}

/**
 * Progress is cumulative: it does not fall in time unless somebody says why. It falls where one interval lies wholly
 * below one before it, so 85%以上 followed by 90 does not, and 85%以上 followed by 80 does. The reason is the falling
 * report's own, so a later report that already gives one may be lower.
 * @param before the nearest earlier report that bounds it from below, whatever vague ones (近95%) came after it; `after`
 *   the nearest later one that bounds it from above
 * @throws JinduError `progress_falls`
 */
export function assertDoesNotFall(
  said: Said,
  before: (Spoken & { asOf: CalendarDate }) | null,
  after: (Spoken & { asOf: CalendarDate; reason: string | null }) | null,
): void {
  const { facts } = said;
  if (facts.reason !== null) return;
  if (before !== null && isBelow(facts, before)) {
    throw falls(`${spanText(facts)} is less than the ${spanText(before)} of ${before.asOf}`);
  }
  if (after !== null && after.reason === null && isBelow(after, facts)) {
    throw falls(`${spanText(facts)} is more than the ${spanText(after)} of ${after.asOf}`);
  }
}

/** Qualifiers of figures that say of a later one how low it cannot be, and of an earlier one how high. */
export const boundingQualifiers = {
  before: qualifiers.filter((qualifier) => intervalOf(50, qualifier, 0, 100).low > 0),
  after: qualifiers.filter((qualifier) => intervalOf(50, qualifier, 0, 100).high < 100),
} as const;

/** How much of a quantity was done on some other day. */
export type DoneThen = Pick<DonePart, 'valueScaled' | 'asOf'>;

/**
 * The same for a quantity done, which is counted and has no interval.
 * @param before by the nearest earlier report that says so much as a word of this quantity; `after` by the nearest later
 * @throws JinduError `progress_falls`
 */
export function assertQuantityDoesNotFall(
  { facts }: Said,
  { code, valueScaled }: { code: string; valueScaled: number },
  before: DoneThen | null,
  after: (DoneThen & { reason: string | null }) | null,
): void {
  if (facts.reason !== null) return;
  if (before !== null && valueScaled < before.valueScaled) {
    throw falls(
      `${valueScaled / scale} ${code} is less than the ${before.valueScaled / scale} of ${before.asOf}`,
    );
  }
  if (after !== null && after.reason === null && valueScaled > after.valueScaled) {
    throw falls(
      `${valueScaled / scale} ${code} is more than the ${after.valueScaled / scale} of ${after.asOf}`,
    );
  }
}

type Spoken = Pick<ReportFacts, 'percentHundredths' | 'qualifier'>;

function isBelow(later: Spoken, earlier: Spoken): boolean {
  const [laterSpan, earlierSpan] = [spanOf(later), spanOf(earlier)];
  return laterSpan !== null && earlierSpan !== null && laterSpan.high < earlierSpan.low;
}

/** The interval in hundredths of a percent; null for a report that says no percent. */
function spanOf({ percentHundredths, qualifier }: Spoken) {
  return percentHundredths === null ? null : intervalOf(percentHundredths, qualifier, 0, 10_000);
}

function spanText({ percentHundredths, qualifier }: Spoken): string {
  return `${qualifier === 'exact' ? '' : `${qualifier} `}${(percentHundredths ?? 0) / 100} %`;
}

function falls(detail: string): JinduError {
  return new JinduError('progress_falls', detail, [
    { pointer: '/reason', code: 'required', message: 'is required where progress falls: say why' },
  ]);
}
