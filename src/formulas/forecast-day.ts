import { addDays, type CalendarDate } from '../shared/calendar-date.ts';
import { type Figure, known, missing } from './figure.ts';
import { ceiled } from './ratio.ts';

/** More days than there are from the year 1 to the year 9999. */
const farthestDays = 4_000_000n;

/**
 * The day by whose end `numerator` ÷ `denominator` days have passed since the end of `date`; no figure where the
 * calendar ends. A thousandth of a day over is not yet another day: percents are cut off at 10⁻⁸ %, and what is
 * exactly as planned must not come out a day late.
 */
export function dayReached(date: CalendarDate, numerator: bigint, denominator: bigint): Figure<CalendarDate> {
  const days = ceiled(1_000n * numerator - denominator, 1_000n * denominator);
  if (days > farthestDays || days < -farthestDays) return missing('outOfRange');
  try {
    return known(addDays(date, Number(days)));
  } catch (error) {
    if (error instanceof RangeError) return missing('outOfRange');
    throw error;
  }
}
