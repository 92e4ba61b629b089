import { addDays, type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import { rounded } from './canvas.ts';

/** Days from left to right, with marks at beginnings of years, of months, or at days. */
export interface TimeAxis {
  start: CalendarDate;
  end: CalendarDate;
  /** Pixels from the left edge of the picture; beyond the ends where the day is. */
  x(date: CalendarDate): number;
  ticks: readonly Tick[];
}

export interface Tick {
  date: CalendarDate;
  label: string;
}

/**
 * An axis from `start` to `end`, which must not be earlier; one day alone gets a month around it. At most `maxTicks`
 * marks, labelled as the API writes dates: 2023, 2023-06, 2023-06-30.
 */
export function timeAxis(
  start: CalendarDate,
  end: CalendarDate,
  left: number,
  width: number,
  maxTicks = 8,
): TimeAxis {
  const [from, to] = start === end ? [shifted(start, -15), shifted(end, 15)] : [start, end];
  const days = daysBetween(from, to);
  return {
    start: from,
    end: to,
    x: (date) => rounded(left + (daysBetween(from, date) / days) * width),
    ticks: ticksOf(from, to, maxTicks),
  };
}

/** So many days later or earlier, as far as the calendar goes. */
export function shifted(date: CalendarDate, days: number): CalendarDate {
  const [first, last] = ['0001-01-01', '9999-12-31'];
  if (days < daysBetween(date, first)) return first;
  return days > daysBetween(date, last) ? last : addDays(date, days);
}

/** The finest of the usual distances that gives no more marks than are allowed. */
function ticksOf(start: CalendarDate, end: CalendarDate, maxTicks: number): Tick[] {
  const span = daysBetween(start, end);
  for (const days of [1, 2, 5, 10, 15]) {
    if (span / days <= 4 * maxTicks) {
      const ticks = dayTicks(start, end, days);
      if (ticks.length <= maxTicks) return ticks;
    }
  }
  for (const months of [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000]) {
    if (span / (months * 30) <= 4 * maxTicks) {
      const ticks = monthTicks(start, end, months);
      if (ticks.length <= maxTicks) return ticks;
    }
  }
  return [];
}

/** Days of the month that are a whole number of steps after the first; what is left of a month is no step. */
function dayTicks(start: CalendarDate, end: CalendarDate, step: number): Tick[] {
  const ticks: Tick[] = [];
  for (let offset = 0; offset <= daysBetween(start, end); offset += 1) {
    const date = addDays(start, offset);
    const day = Number(date.slice(8)) - 1;
    if (day % step === 0 && day + step <= 31) ticks.push({ date, label: date });
  }
  return ticks;
}

function monthTicks(start: CalendarDate, end: CalendarDate, step: number): Tick[] {
  const ticks: Tick[] = [];
  const first = Math.ceil(monthOf(start) / step) * step;
  for (let month = first; month <= monthOf(end); month += step) {
    const year = String(Math.floor(month / 12)).padStart(4, '0');
    const label = step % 12 === 0 ? year : `${year}-${String((month % 12) + 1).padStart(2, '0')}`;
    const date = `${year}-${String((month % 12) + 1).padStart(2, '0')}-01`;
    if (date >= start && date <= end && year !== '0000') ticks.push({ date, label });
  }
  return ticks;
}

/** Months from the year 0. */
function monthOf(date: CalendarDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}
