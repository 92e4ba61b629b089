import { isCalendarDate } from './calendar-date.ts';

/** A moment: RFC 3339 in UTC with milliseconds (`2023-07-03T01:02:03.004Z`), so that text order is time order. */
export type Instant = string;

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** True of RFC 3339 text that names a moment of the years 1 to 9999 in UTC; a leap second is none. */
export function isInstant(text: string): boolean {
  if (!rfc3339.test(text) || !isCalendarDate(text.slice(0, 10))) return false;
  const milliseconds = Date.parse(text);
  return milliseconds >= firstMs && milliseconds <= lastMs;
}

const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** The moment in UTC with milliseconds, in whatever zone it was written. `text` must be an {@link isInstant}. */
export function instantOf(text: string): Instant {
  return new Date(text).toISOString();
}

/** Where "now" comes from. Tests set their own; the process uses {@link systemClock}. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
