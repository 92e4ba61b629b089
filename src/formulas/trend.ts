/**
 * When it will be finished if it goes on as of late: a straight line through the last reports.
 *
 *     slope  = (n Σxy − Σx Σy) ÷ (n Σx² − (Σx)²)      x in days, y in percent
 *     finish = x̄ + (100 % − ȳ) ÷ slope
 *
 * Worked figure: 20 % on 2023-03-31, 30 % on 2023-04-30 and 40 % on 2023-05-31: 0.328 points a day; the mean, 30 %,
 * lies at 30⅓ days, the line reaches 100 % 213.5 days later, on 2023-11-30.
 *
 * Source: least squares (Legendre, 1805). The sums are whole numbers and the one division goes up to a whole day.
 * It knows no plan, so it is a second opinion beside earned schedule.
 */
import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine } from '../shared/percent.ts';
import { derived, type Figure, known, missing, type Settled, settled } from './figure.ts';
import { dayReached } from './forecast-day.ts';
import { decimal } from './ratio.ts';

export interface ReportedPoint {
  date: CalendarDate;
  percent: PercentFine;
}

export interface TrendFigures {
  /** The day on which the line reaches 100 %, or the first on which it was reported, if it is still so. */
  forecastFinish: CalendarDate;
  /** Percentage points a day, four decimals; 0 and less are shown too. */
  pointsPerDay: number;
}

export type Trend = Settled<TrendFigures> & {
  /** How many reports the line goes through. */
  readonly reports: number;
};

/**
 * The line through the last `reports` of the points up to and on `asOf`. The points are strictly by date; leave out
 * those of which nothing is known. No forecast below two of them, of a line that does not rise, and of one that says
 * it must be finished by `asOf` although it is not.
 */
export function trendOf(points: readonly ReportedPoint[], asOf: CalendarDate, reports = 5): Trend {
  const told = points.filter((point) => point.date <= asOf);
  const last = told.slice(Math.max(told.length - Math.max(reports, 0), 0));
  const line = lineThrough(last);
  const finishedOn = finishOf(told);
  const figures = settled<TrendFigures>({
    forecastFinish:
      finishedOn === null ? derived(line, (fitted) => crossing(fitted, asOf)) : known(finishedOn),
    pointsPerDay: derived(line, ({ rise, run }) => known(decimal(rise * 100n, run * full, 4))),
  });
  return { ...figures, reports: last.length };
}

const full = BigInt(FULL);

/** Slope `rise` ÷ `run` in fine percent a day; `run` is above 0. */
interface Line {
  start: CalendarDate;
  count: bigint;
  days: bigint;
  percents: bigint;
  rise: bigint;
  run: bigint;
}

function lineThrough(points: readonly ReportedPoint[]): Figure<Line> {
  const start = points[0]?.date;
  if (start === undefined) return missing('tooFewReports');
  let [days, percents, squares, products] = [0n, 0n, 0n, 0n];
  for (const { date, percent } of points) {
    const [x, y] = [BigInt(daysBetween(start, date)), BigInt(percent)];
    days += x;
    percents += y;
    squares += x * x;
    products += x * y;
  }
  const count = BigInt(points.length);
  const run = count * squares - days * days;
  if (run === 0n) return missing('tooFewReports');
  return known({ start, count, days, percents, rise: count * products - days * percents, run });
}

/** Where the line reaches 100 %: (Σx · rise + (n · 100 % − Σy) · run) ÷ (n · rise) days from its start. */
function crossing(
  { start, count, days, percents, rise, run }: Line,
  asOf: CalendarDate,
): Figure<CalendarDate> {
  if (rise <= 0n) return missing('notRising');
  const finish = dayReached(start, days * rise + (count * full - percents) * run, count * rise);
  return derived(finish, (day) => (day > asOf ? finish : missing('trendPassed')));
}

/** The first day of those at the end on which all was done. */
function finishOf(points: readonly ReportedPoint[]): CalendarDate | null {
  const unfinished = points.findLastIndex((point) => point.percent < FULL);
  return points[unfinished + 1]?.date ?? null;
}
