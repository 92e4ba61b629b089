/**
 * How much of the work the plan wants done by the end of a day.
 *
 *     planned = P_C + (P_{C+1} − P_C) × (days since C) ÷ (days from C to C+1)
 *
 * A point of a plan says what is done when its day ends. A first point at 0 % is where the work begins, and stands for
 * the beginning of its day: a plan from 1 January to 31 December is 365 days long and not 364, and its first day is a
 * working day. So the straight line is the elapsed share of the period, 序时进度 in days.
 *
 * Worked figure: from 0 % on 2023-01-01 to 100 % on 2023-12-31, at the end of 2023-06-30: 181 of 365 days, 49.59 %.
 *
 * Source: planned value as in earned value management, linear between the points of the baseline. The division
 * truncates at 10⁻⁸ % as in a roll-up, so what is below 100 % never becomes it.
 */
import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine, type PercentHundredths, toFine } from '../shared/percent.ts';

/** A point of a plan as it is told. A plan has them strictly by date, and percents never fall. */
export interface PlanPoint {
  date: CalendarDate;
  percentHundredths: PercentHundredths;
}

/** What is planned to be done when `day` days of the plan have passed: 0 is the beginning of its first day. */
export interface Knot {
  day: number;
  percent: PercentFine;
}

/** A planned curve, linear between its knots. Plain data: it may be kept as JSON. */
export interface Baseline {
  startDate: CalendarDate;
  /** The first day by whose end all is planned to be done; null if the plan never gets to 100 %. */
  finishDate: CalendarDate | null;
  /** Strictly by day, never falling. The first is day 0 and 0 %. */
  knots: readonly Knot[];
}

/**
 * The curve through the points of a plan; null if there are none. A first point above 0 % is due by the end of its day,
 * with nothing before that day.
 */
export function baselineOf(points: readonly PlanPoint[]): Baseline | null {
  const first = points[0];
  if (!first) return null;
  const knots: Knot[] = [{ day: 0, percent: 0 }];
  for (const { date, percentHundredths } of points) {
    if (knots.length === 1 && date === first.date && percentHundredths === 0) continue;
    knots.push({ day: elapsedDays(first.date, date), percent: toFine(percentHundredths) });
  }
  return throughKnots(first.date, knots);
}

/** The straight line over a period; null unless both of its days are known and in order. */
export function straightLine(startDate: CalendarDate | null, endDate: CalendarDate | null): Baseline | null {
  if (startDate === null || endDate === null || endDate < startDate) return null;
  return throughKnots(startDate, [
    { day: 0, percent: 0 },
    { day: elapsedDays(startDate, endDate), percent: FULL },
  ]);
}

/** The curve through knots that begin with day 0 and 0 %. */
export function throughKnots(startDate: CalendarDate, knots: readonly Knot[]): Baseline {
  const finish = knots.find((knot) => knot.percent >= FULL);
  return { startDate, finishDate: finish ? addDays(startDate, finish.day - 1) : null, knots };
}

/** Planned by the end of the day: 0 before the plan begins, its last percent after it ends. */
export function plannedPercent({ startDate, knots }: Baseline, asOf: CalendarDate): PercentFine {
  return percentAfter(knots, elapsedDays(startDate, asOf));
}

/** Planned when that many days of the plan have passed. */
export function percentAfter(knots: readonly Knot[], day: number): PercentFine {
  const index = firstFrom(knots, day);
  const [before, after] = [knots[index - 1], knots[index]];
  if (!before) return 0;
  return after ? percentBetween(before, after, day) : before.percent;
}

/** Days from the beginning of one day to the end of the other: 1 on the day itself, 0 or less before it. */
export function elapsedDays(startDate: CalendarDate, asOf: CalendarDate): number {
  return daysBetween(startDate, asOf) + 1;
}

/** The index of the first knot on or after the day; their number if there is none. */
function firstFrom(knots: readonly Knot[], day: number): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((knots[middle]?.day ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Planned on a day between two knots, or on one of them: rise × days ÷ span, cut off. The rise is first divided, so that
 * no product leaves the whole numbers.
 */
export function percentBetween(before: Knot, after: Knot, day: number): PercentFine {
  const [rise, span, days] = [after.percent - before.percent, after.day - before.day, day - before.day];
  const remainder = rise % span;
  const beyond = remainder * days;
  return before.percent + ((rise - remainder) / span) * days + (beyond - (beyond % span)) / span;
}
