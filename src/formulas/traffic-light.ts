/**
 * One colour for where a project stands to its plan, and grey for silence.
 *
 * | light | when |
 * |---|---|
 * | null | it is stopped (cancelled or suspended), or there is nothing to compare and it is not silent |
 * | grey | nothing was said of it within its cadence, and it is neither completed nor surely at 100 % |
 * | red | more than `redBehind` points behind the plan |
 * | yellow | at least `yellowBehind` points behind |
 * | green | otherwise |
 *
 * The first line that fits counts. Late and silent are different things: a figure that is stale says nothing of today,
 * so silence hides the colour. The rule is applied to the gap as it is shown.
 *
 * Of a bound, the figure itself is judged and neither end of it: 85%以上 is taken as 85, 近90% as 90. By the lower end,
 * everything said as "nearly" would be red, and by the upper end nothing said as "at least" could ever be late.
 *
 * Worked figure: 70.41 % done of 83.33 % planned is 12.92 points behind, yellow.
 *
 * Source: the published rule of 银川, 2025: yellow 10 to 30 points behind, red beyond 30. Others have other thresholds
 * (新晃, 2015: under 80 % and under 60 % of the month's task), so thresholds are data.
 */
import { FULL, type PercentFine } from '../shared/percent.ts';
import { gapOf, type PointsHundredths } from './plan-gap.ts';

export const lights = ['green', 'yellow', 'red', 'grey'] as const;

export type Light = (typeof lights)[number];

export interface LightRules {
  /** So many points behind is yellow; at least 0, at most `redBehindHundredths`. */
  yellowBehindHundredths: PointsHundredths;
  /** More than so many is red. */
  redBehindHundredths: PointsHundredths;
  /** Silent when the newest report is more than so many days old; null if no report is awaited. */
  silentAfterDays: number | null;
}

/** How often something is to be reported. */
export const cadences = ['daily', 'weekly', 'monthly', 'quarterly', 'halfYearly', 'yearly'] as const;

export type Cadence = (typeof cadences)[number];

/**
 * Days after which silence counts: the longest such period and the time it takes to compile and send a report. A day
 * has the weekend after it.
 */
export const silentAfterDaysOf: Readonly<Record<Cadence, number>> = {
  daily: 1 + 2,
  weekly: 7 + 3,
  monthly: 31 + 7,
  quarterly: 92 + 15,
  halfYearly: 184 + 30,
  yearly: 366 + 45,
};

/** What may be said of how often a project is to be reported: `none`, where no report is awaited. */
export const reportCadences = [...cadences, 'none'] as const;

export type ReportCadence = (typeof reportCadences)[number];

/** Days after which silence counts at that cadence; null if no report is awaited. */
export function silentAfter(cadence: ReportCadence): number | null {
  return cadence === 'none' ? null : silentAfterDaysOf[cadence];
}

/** The rules for a project that has a cadence of its own; the same where it has none. */
export function withCadence(rules: LightRules, cadence: ReportCadence | null): LightRules {
  return cadence === null ? rules : { ...rules, silentAfterDays: silentAfter(cadence) };
}

/** Where nobody has set any: the rule of 银川, and a report a month. */
export const defaultLightRules: LightRules = Object.freeze({
  yellowBehindHundredths: 1_000,
  redBehindHundredths: 3_000,
  silentAfterDays: silentAfterDaysOf.monthly,
});

/** `open`: reports are awaited. `completed`: none are any more. `stopped`: cancelled or suspended. */
export type Course = 'open' | 'completed' | 'stopped';

const courses = {
  identification: 'open',
  preparation: 'open',
  implementation: 'open',
  completion: 'completed',
  maintenance: 'completed',
  decommissioning: 'completed',
  decommissioned: 'completed',
  cancelled: 'stopped',
  suspended: 'stopped',
} as const satisfies Record<string, Course>;

/** The course that a project is on by its status, as OC4IDS names it (`suspended` is from IATI). */
export function courseOf(status: keyof typeof courses): Course {
  return courses[status];
}

export interface LightQuestion {
  course: Course;
  percent: PercentFine | null;
  /** The lower bound: only what is surely at 100 % has nothing left to report. 0 if nothing is known. */
  low: PercentFine;
  planned: PercentFine | null;
  /** Days since the newest report; null if there never was one. */
  silentDays: number | null;
}

/** Why a light is as it is. Never "late" and "silent" in one. */
export const lightReasons = ['compared', 'silent', 'stopped', 'noPlan', 'noProgress'] as const;

export type LightReason = (typeof lightReasons)[number];

export interface TrafficLight {
  light: Light | null;
  reason: LightReason;
}

export function trafficLight(question: LightQuestion, rules: LightRules): TrafficLight {
  const { course, percent, planned } = question;
  if (course === 'stopped') return { light: null, reason: 'stopped' };
  if (isSilent(question, rules)) return { light: 'grey', reason: 'silent' };
  if (percent === null) return { light: null, reason: 'noProgress' };
  if (planned === null) return { light: null, reason: 'noPlan' };
  return { light: colourOf(-gapOf(percent, planned), rules), reason: 'compared' };
}

/** Whether a report is overdue. What was never reported is silent, wherever a report is awaited. */
export function isSilent(
  { course, low, silentDays }: Pick<LightQuestion, 'course' | 'low' | 'silentDays'>,
  { silentAfterDays }: Pick<LightRules, 'silentAfterDays'>,
): boolean {
  if (course !== 'open' || silentAfterDays === null || low === FULL) return false;
  return silentDays === null || silentDays > silentAfterDays;
}

function colourOf(behind: PointsHundredths, rules: LightRules): Light {
  if (behind > rules.redBehindHundredths) return 'red';
  return behind > 0 && behind >= rules.yellowBehindHundredths ? 'yellow' : 'green';
}
