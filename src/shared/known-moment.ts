import type { CalendarDate } from './calendar-date.ts';
import { type Instant, instantOf } from './clock.ts';
import { fieldError, JinduError, notYet } from './errors.ts';

/**
 * The day that is asked about with `?asOf`; today unless told.
 * @throws JinduError `future_date`
 */
export function askedDay(asked: CalendarDate | null | undefined, today: CalendarDate): CalendarDate {
  const day = asked ?? today;
  if (day > today) throw notYet('?asOf', day, today);
  return day;
}

/**
 * A day to compare with, `?compareTo`, is before the one that is asked about; null: nothing is compared.
 * @throws JinduError `unprocessable`
 */
export function assertCompared(compareTo: CalendarDate | null, asOf: CalendarDate): void {
  if (compareTo === null || compareTo < asOf) return;
  throw fieldError('unprocessable', '?compareTo', 'order', `must be a day before asOf, ${asOf}`);
}

/**
 * The moment whose knowledge is asked about with `?knownAt`; null: all that is known now. What will be known at a moment
 * to come would be answered otherwise when it has come.
 * @throws JinduError `future_date`
 */
export function knownMoment(asked: string | null, now: Instant): Instant | null {
  if (asked === null) return null;
  const knownAt = instantOf(asked);
  if (knownAt > now) {
    throw new JinduError('future_date', `${knownAt} is still to come: it is ${now} now`, [
      { pointer: '?knownAt', code: 'future_date', message: `must not be later than now, ${now}` },
    ]);
  }
  return knownAt;
}
