/**
 * From which days on a project has which light, as long as nothing new is said of it.
 *
 * What is planned never falls and silence only grows, so by what is known now a project becomes yellow, red and silent
 * on a first day each and stays so. The light of any day from the newest report on is a comparison of days:
 *
 *     grey from `greyFrom` on; else none unless it is compared with a plan; else red from `redFrom`, yellow from
 *     `yellowFrom`, green before
 *
 * Worked figure: 40 % done of a straight plan over 2023, yellow from 10 points behind and red beyond 30: 50 % is shown
 * as planned by the end of 2023-07-02 (183 of 365 days, 50.14 %), 70.01 % by that of 2023-09-13 (256 days, 70.14 %).
 *
 * It is the light of `traffic-light.ts`, which says where the rule is from.
 */
import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine, shownHundredths, toFine } from '../shared/percent.ts';
import { type Baseline, type Knot, percentBetween } from './planned-percent.ts';
import type { Course, Light, LightRules } from './traffic-light.ts';

export interface LightDays {
  /** There is a figure and a plan to hold it against, and it is not stopped. */
  isCompared: boolean;
  /** Null: never, as things are. A project may be red from the day on which it would have become yellow. */
  yellowFrom: CalendarDate | null;
  redFrom: CalendarDate | null;
  greyFrom: CalendarDate | null;
}

export interface LightFacts {
  course: Course;
  percent: PercentFine | null;
  low: PercentFine;
  baseline: Baseline | null;
  /** The newest day of which anything was said; null if nothing ever was. */
  saidAsOf: CalendarDate | null;
}

const firstDay: CalendarDate = '0001-01-01';
const lastDay: CalendarDate = '9999-12-31';
/** Before it, no cadence leads beyond the last day. */
const lastCentury: CalendarDate = '9900-01-01';

export function lightDaysOf(facts: LightFacts, rules: LightRules): LightDays {
  const { course, percent, baseline } = facts;
  const greyFrom = greyDay(facts, rules);
  if (course === 'stopped' || percent === null || baseline === null) {
    return { isCompared: false, yellowFrom: null, redFrom: null, greyFrom };
  }
  const behind = (points: number) => firstPlanned(baseline, shownHundredths(percent) + points);
  return {
    isCompared: true,
    yellowFrom: behind(Math.max(rules.yellowBehindHundredths, 1)),
    redFrom: behind(rules.redBehindHundredths + 1),
    greyFrom,
  };
}

/** The light on a day on which nothing newer was known than what the days were made of. */
export function lightOn(
  { isCompared, yellowFrom, redFrom, greyFrom }: LightDays,
  day: CalendarDate,
): Light | null {
  const isSince = (from: CalendarDate | null) => from !== null && from <= day;
  if (isSince(greyFrom)) return 'grey';
  if (!isCompared) return null;
  if (isSince(redFrom)) return 'red';
  return isSince(yellowFrom) ? 'yellow' : 'green';
}

function greyDay(
  { course, low, saidAsOf }: LightFacts,
  { silentAfterDays }: LightRules,
): CalendarDate | null {
  if (course !== 'open' || silentAfterDays === null || low === FULL) return null;
  if (saidAsOf === null) return firstDay;
  const isInReach = saidAsOf < lastCentury || daysBetween(saidAsOf, lastDay) > silentAfterDays;
  return isInReach ? addDays(saidAsOf, silentAfterDays + 1) : null;
}

/** The first day by whose end so much is shown as planned; null if there is none. */
function firstPlanned({ startDate, knots }: Baseline, hundredths: number): CalendarDate | null {
  const wanted = leastShownAs(hundredths);
  const index = firstReaching(knots, wanted);
  const [before, reached] = [knots[index - 1], knots[index]];
  if (before === undefined || reached === undefined) return null;
  const rise = reached.percent - before.percent;
  let day = before.day + Math.ceil(((wanted - before.percent) / rise) * (reached.day - before.day));
  // The quotient is not exact; what is planned on a day is.
  while (day > before.day + 1 && percentBetween(before, reached, day - 1) >= wanted) day -= 1;
  while (day < reached.day && percentBetween(before, reached, day) < wanted) day += 1;
  return addDays(startDate, day - 1);
}

/** The index of the first knot at which so much is planned; their number if there is none. */
function firstReaching(knots: readonly Knot[], percent: PercentFine): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((knots[middle]?.percent ?? percent) < percent) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The least percent that is shown as so many hundredths, or more. */
function leastShownAs(hundredths: number): PercentFine {
  return hundredths >= fullHundredths ? toFine(hundredths) : toFine(hundredths) - toFine(1) / 2;
}

const fullHundredths = 10_000;
