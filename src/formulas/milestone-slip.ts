/**
 * By how many days a milestone has slipped, and for how many it has been overdue.
 *
 *     slipped = (day met, or else the due day now) − first due day        below 0 is early
 *     overdue = as of − due day now, while it is not met and that day has passed; else 0
 *
 * Worked figure: due on 2023-05-31, put off to 2023-06-20, and on 2023-06-30 not met: slipped by 20 days, overdue by 10;
 * met on 2023-07-05 it has slipped by 35 and is not overdue.
 *
 * Source: the baseline variance of a milestone as schedules count it (actual or current date less baseline date); the
 * first due date is the baseline, so that putting off does not hide the slip.
 */
import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts';

/** Null where there never was a due date, there is none now, or it was met on a day that nobody knows. */
export function slippedDays(milestone: {
  firstDueDate: CalendarDate | null;
  dueDate: CalendarDate | null;
  isMet: boolean;
  dateMet: CalendarDate | null;
}): number | null {
  const { firstDueDate, dueDate, isMet, dateMet } = milestone;
  const reached = isMet ? dateMet : dueDate;
  return firstDueDate === null || reached === null ? null : daysBetween(firstDueDate, reached);
}

/** Null without a due date. */
export function overdueDays(
  { dueDate, isMet }: { dueDate: CalendarDate | null; isMet: boolean },
  asOf: CalendarDate,
): number | null {
  if (dueDate === null) return null;
  return isMet ? 0 : Math.max(0, daysBetween(dueDate, asOf));
}
