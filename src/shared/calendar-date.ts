/**
 * Days of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31, without a time or a zone. As text they
 * sort and compare in the order of time.
 */

/** `YYYY-MM-DD`, a day that exists. */
export type CalendarDate = string;

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const daysInMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True of a day that exists, written `YYYY-MM-DD`: 2024-02-29 is one, 2023-02-29 and 2023-6-30 are not. */
export function isCalendarDate(text: string): boolean {
  const match = pattern.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeapDay = month === 2 && day === 29 && isLeapYear(year);
  return year >= 1 && day >= 1 && (day <= (daysInMonths[month - 1] ?? 0) || isLeapDay);
}

/** Whole days from one day to the other; negative if `to` is the earlier. 2023-06-30 to 2023-07-03 is 3. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

/**
 * The day `days` whole days later, or earlier if negative. 2023-06-30 and 3 is 2023-07-03.
 * @throws RangeError if that is no day between 0001-01-01 and 9999-12-31.
 */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/**
 * The day that an instant falls on in a time zone. 2023-06-30T16:00:00.000Z in Asia/Shanghai is 2023-07-01.
 * @param instant RFC 3339 text
 * @param timeZone IANA name
 * @throws RangeError if the instant or the time zone does not exist.
 */
export function dayOf(instant: string, timeZone: string): CalendarDate {
  if (last.instant !== instant || last.timeZone !== timeZone) {
    last = { instant, timeZone, day: dayThatFormatSays(instant, timeZone) };
  }
  return last.day;
}

// Under load the same millisecond is asked for by many requests.
let last: { instant: string; timeZone: string; day: CalendarDate } = { instant: '', timeZone: '', day: '' };

function dayThatFormatSays(instant: string, timeZone: string): CalendarDate {
  const parts = formatOf(timeZone).formatToParts(new Date(instant));
  const [year, month, day] = ['year', 'month', 'day'].map(
    (type) => parts.find((part) => part.type === type)?.value,
  );
  return `${year?.padStart(4, '0')}-${month}-${day}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a format costs some hundred times as much as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const daysPerEra = 146_097;

/**
 * Days since 1970-01-01. Counted in eras of 400 years that begin with March, so that a leap day is the last of its year:
 * a Date would say the same, at ten times the cost.
 */
function dayNumber(date: CalendarDate): number {
  const month = twoDigits(date, 5);
  const marchYear = twoDigits(date, 0) * 100 + twoDigits(date, 2) - (month <= 2 ? 1 : 0);
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + twoDigits(date, 8) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - daysBefore1970;
}

/** From 0000-03-01, with which an era begins. */
const daysBefore1970 = 719_468;

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

const firstDayNumber = dayNumber('0001-01-01');
const lastDayNumber = dayNumber('9999-12-31');

function dateOfDayNumber(number: number): CalendarDate {
  if (!Number.isInteger(number) || number < firstDayNumber || number > lastDayNumber)
    throw new RangeError('not a day of the years 1 to 9999');
  const days = number + daysBefore1970;
  const era = Math.floor(days / daysPerEra);
  const dayOfEra = days - era * daysPerEra;
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${inTwoDigits(month)}-${inTwoDigits(day)}`;
}

function inTwoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}
