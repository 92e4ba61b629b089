/**
 * How far something is ahead of its plan or of the calendar, in percentage points.
 *
 *     gap = achieved − planned
 *
 * Worked figure: 70.41 % of the year's target is achieved by the end of October, and 10 of 12 months, 83.33 %, have
 * passed: −12.92 points, 欠进度12.92个百分点.
 *
 * Source: 序时进度 as Chinese governments report it. The difference is taken of the figures as they are shown, so that
 * whoever subtracts one from the other gets the third.
 */
import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine, shownHundredths } from '../shared/percent.ts';

/** An integer of 0.01 percentage points: above 0 ahead, below 0 behind. 12.92 behind is −1,292. */
export type PointsHundredths = number;

/** The gap of two percents of completion. */
export function gapOf(achieved: PercentFine, planned: PercentFine): PointsHundredths {
  return gapOfShown(shownHundredths(achieved), shownHundredths(planned));
}

/** The gap of two figures in hundredths of a percent. What is achieved of a target may be above 100 %. */
export function gapOfShown(achievedHundredths: number, plannedHundredths: number): PointsHundredths {
  return achievedHundredths - plannedHundredths;
}

/**
 * The share of a period that has passed by the end of a day, with every month counted alike: 10 of 12 at the end of
 * October. Within a month, and where the period begins or ends within one, by the days of that month. 0 before the
 * period, 100 % after it; null if it ends before it begins. The share by days is the straight line of a plan.
 */
export function elapsedShareByMonths(
  startDate: CalendarDate,
  endDate: CalendarDate,
  asOf: CalendarDate,
): PercentFine | null {
  if (endDate < startDate) return null;
  if (asOf < startDate) return 0;
  if (asOf >= endDate) return FULL;
  const start = monthsBefore(startDate);
  const passed = monthsAfter(asOf) - start;
  const whole = monthsAfter(endDate) - start;
  return Number((passed * BigInt(FULL)) / whole);
}

/** Divisible by the days of any month, so that a part of a month is a whole number. */
const partsOfMonth = 28n * 29n * 30n * 31n;

/** Parts of months from the year 0 to the beginning of the day. */
function monthsBefore(date: CalendarDate): bigint {
  return monthsUntil(date, Number(date.slice(8)) - 1);
}

/** Parts of months from the year 0 to the end of the day. */
function monthsAfter(date: CalendarDate): bigint {
  return monthsUntil(date, Number(date.slice(8)));
}

function monthsUntil(date: CalendarDate, days: number): bigint {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
  return BigInt(months) * partsOfMonth + (BigInt(days) * partsOfMonth) / BigInt(daysInMonthOf(date));
}

function daysInMonthOf(date: CalendarDate): number {
  const first = `${date.slice(0, 8)}01`;
  if (date.slice(5, 7) === '12') return 31;
  const next = addDays(first, 31);
  return daysBetween(first, `${next.slice(0, 8)}01`);
}
