import { Type } from '@sinclair/typebox';
import type { CalendarDate } from '../shared/calendar-date.ts';
import type { Instant } from '../shared/clock.ts';
import { askedDay, knownMoment } from '../shared/known-moment.ts';
import { CalendarDay, Moment } from './schemas.ts';

/** The moment whose knowledge a question asks for. */
export const knownAtQuery = {
  knownAt: Type.Optional(Moment('What was known at that moment; all that is known now if left out.')),
};

/** The query of a question about a day, as it was known at a moment. */
export const twoClocksQuery = {
  asOf: Type.Optional(CalendarDay('How it was on that day; today if left out.')),
  ...knownAtQuery,
};

/**
 * The day and the moment (null: now) that a question asks about.
 * @throws JinduError `future_date` of either that is still to come
 */
export function askedClocks(
  { asOf, knownAt }: { asOf?: CalendarDate; knownAt?: string },
  now: Instant,
  today: CalendarDate,
): { asOf: CalendarDate; knownAt: Instant | null } {
  return { asOf: askedDay(asOf, today), knownAt: knownMoment(knownAt ?? null, now) };
}
