/**
 * Early or late, by how many days, and finishing when: measured in time, not in money.
 *
 *     ES     = C + (EV − PV_C) ÷ (PV_{C+1} − PV_C)     the day by which the plan wanted what is done now
 *     SV(t)  = ES − AT
 *     SPI(t) = ES ÷ AT
 *     finish = start + planned duration ÷ SPI(t)
 *
 * AT is the days from the beginning of the plan's first day to the end of the day in question. Worked figure: a
 * straight plan over 2023 (365 days), 40 % done at the end of 2023-06-30: ES 146 days, AT 181, SPI(t) 0.8066, SV(t)
 * −35 days; 365 ÷ (146 ÷ 181) is 452.5 days, so it finishes on 2024-03-28, 88 days late.
 *
 * Source: W. Lipke, "Schedule is Different", The Measurable News, 2003. Plain SPI drifts to 1 on projects that finish
 * late, SPI(t) does not. On a flat stretch of the plan ES is the earliest day on which the plan had reached what is
 * done. What is finished has ES = planned duration, and its clock stands still on the day on which it finished.
 */
import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine } from '../shared/percent.ts';
import { derived, type Figure, known, missing, type Settled, settled } from './figure.ts';
import { dayReached } from './forecast-day.ts';
import { gapOf, type PointsHundredths } from './plan-gap.ts';
import { type Baseline, elapsedDays, type Knot, plannedPercent } from './planned-percent.ts';
import { decimal } from './ratio.ts';

export interface ScheduleQuestion {
  baseline: Baseline | null;
  /** What is done, and the bounds of it; null, 0 and 100 % if nothing is known. */
  percent: PercentFine | null;
  low: PercentFine;
  high: PercentFine;
  asOf: CalendarDate;
  /** The first day by which all was done, if it is; else the day in question stands for it. */
  finishedOn: CalendarDate | null;
}

export interface ScheduleFigures {
  /** EV − PV in percentage points, as a budget of 100 has it. */
  varianceHundredths: PointsHundredths;
  /** EV ÷ PV, four decimals. */
  performanceIndex: number;
  /** ES, two decimals. */
  earnedDays: number;
  /** AT, whole days, at least 1. */
  actualDays: number;
  /** SV(t) in days, two decimals; below 0 is late. */
  varianceDays: number;
  /** SPI(t), four decimals. */
  performanceIndexTime: number;
  plannedFinish: CalendarDate;
  /** The day on which it finished, or will at this pace. */
  forecastFinish: CalendarDate;
  /** Forecast finish if the upper bound of what is known is right; the day in question if that is 100 %. */
  earliestFinish: CalendarDate;
  /** Forecast finish if the lower bound is right. */
  latestFinish: CalendarDate;
  /** Days from planned to forecast finish; below 0 is early. */
  daysLate: number;
}

export type Schedule = Settled<ScheduleFigures> & {
  /** Nothing is left to do, by the lower bound too. */
  readonly isFinished: boolean;
};

/**
 * How a project stands to its plan on a day. Every figure exists or has a reason: without a plan none does, before the
 * plan begins there is no pace, and 0 % has no forecast.
 */
export function scheduleOf(question: ScheduleQuestion): Schedule {
  const { baseline, percent, low, high, asOf } = question;
  const isFinished = percent !== null && low >= FULL;
  const clock = isFinished ? (question.finishedOn ?? asOf) : asOf;
  const plan: Figure<Baseline> = baseline ? known(baseline) : missing('noPlan');
  const done: Figure<PercentFine> = percent === null ? missing('noProgress') : known(percent);
  const planned = derived(plan, (curve) => known(plannedPercent(curve, asOf)));
  const earned = derived(plan, (curve) => derived(done, (value) => earnedOf(curve.knots, value)));
  const actual = derived(plan, (curve) => actualOf(curve, clock));
  const plannedFinish = derived(plan, ({ finishDate }) =>
    finishDate === null ? missing('planStopsShort') : known(finishDate),
  );
  const finishAt = (bound: PercentFine): Figure<CalendarDate> =>
    derived(plan, (curve) =>
      derived(done, () =>
        derived(actual, (days) =>
          derived(earnedOf(curve.knots, bound), (rate) => finishOf(curve, rate, days)),
        ),
      ),
    );
  const forecastFinish: Figure<CalendarDate> = isFinished
    ? derived(plan, () => known(clock))
    : derived(done, finishAt);
  const figures = settled<ScheduleFigures>({
    varianceHundredths: derived(planned, (value) => derived(done, (earns) => known(gapOf(earns, value)))),
    performanceIndex: derived(planned, (value) =>
      derived(done, (earns) => {
        if (value > 0) return known(decimal(BigInt(earns), BigInt(value), 4));
        return missing(baseline && asOf < baseline.startDate ? 'startsLater' : 'nothingPlanned');
      }),
    ),
    earnedDays: derived(earned, ({ numerator, denominator }) => known(decimal(numerator, denominator, 2))),
    actualDays: derived(actual, (days) => known(Number(days))),
    varianceDays: derived(earned, ({ numerator, denominator }) =>
      derived(actual, (days) => known(decimal(numerator - days * denominator, denominator, 2))),
    ),
    performanceIndexTime: derived(earned, ({ numerator, denominator }) =>
      derived(actual, (days) => known(decimal(numerator, denominator * days, 4))),
    ),
    plannedFinish,
    forecastFinish,
    earliestFinish: isFinished ? forecastFinish : finishAt(high),
    latestFinish: isFinished
      ? forecastFinish
      : derived(plan, () => derived(done, () => (low > 0 ? finishAt(low) : missing('unbounded')))),
    daysLate: derived(plannedFinish, (from) => derived(forecastFinish, (to) => known(daysBetween(from, to)))),
  });
  return { ...figures, isFinished };
}

/** Days as an exact quotient; the denominator is above 0. */
interface Days {
  numerator: bigint;
  denominator: bigint;
}

/** Days of the plan by which it wanted that much: the earliest of them on a flat stretch. */
function earnedOf(knots: readonly Knot[], percent: PercentFine): Figure<Days> {
  if (percent <= 0) return missing('nothingEarned');
  const index = knots.findIndex((knot) => knot.percent >= percent);
  const [before, after] = [knots[index - 1], knots[index]];
  if (!before || !after) return missing('planStopsShort');
  const rise = BigInt(after.percent - before.percent);
  const span = BigInt(after.day - before.day);
  return known({
    numerator: BigInt(before.day) * rise + BigInt(percent - before.percent) * span,
    denominator: rise,
  });
}

function actualOf({ startDate }: Baseline, asOf: CalendarDate): Figure<bigint> {
  const days = elapsedDays(startDate, asOf);
  return days > 0 ? known(BigInt(days)) : missing('startsLater');
}

/** Start + planned duration × AT ÷ ES. The duration runs from the beginning of the first day, one before its end. */
function finishOf(curve: Baseline, earned: Days, actualDays: bigint): Figure<CalendarDate> {
  if (curve.finishDate === null) return missing('planStopsShort');
  const duration = BigInt(elapsedDays(curve.startDate, curve.finishDate));
  const days = duration * actualDays * earned.denominator;
  return dayReached(curve.startDate, days - earned.numerator, earned.numerator);
}
