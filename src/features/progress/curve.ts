import type { ComputedQualifier } from '../../formulas/effective-progress.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';
import type { PictureLocale } from '../pictures/index.ts';

/** Percents are 0 to 100 as they are shown, at most two decimals. Points are strictly by date. */
export interface CurvePoint {
  date: CalendarDate;
  percent: number;
}

/** What was said of a day: `percent` null if only its bounds are known. */
export interface ActualPoint {
  date: CalendarDate;
  percent: number | null;
  low: number;
  high: number;
  qualifier: Qualifier | ComputedQualifier;
  /** The words of the report, if the figure is one that was typed. */
  stated: string | null;
}

export interface CurveMilestone {
  title: string;
  dueDate: CalendarDate | null;
  dateMet: CalendarDate | null;
}

/** The day on which it will be finished, or was; null is open. */
export interface CurveFinish {
  forecast: CalendarDate | null;
  /** These two differ if what is known is a bound. */
  earliest: CalendarDate | null;
  latest: CalendarDate | null;
  /** From the planned day; below 0 is early. */
  daysLate: number | null;
  isFinished: boolean;
}

/** In percentage points, above 0 ahead; `low` and `high` differ from it if what is known is a bound. */
export interface CurveGap {
  points: number;
  low: number;
  high: number;
}

/** What an S-curve shows. */
export interface Curve {
  title: string;
  locale: PictureLocale;
  /** The day that the picture speaks of. */
  asOf: CalendarDate;
  planned: readonly CurvePoint[];
  /** Where the plan is from: told, the straight line over the period, or the parts, straight lines among them or not. */
  plannedBy: 'plan' | 'period' | 'children' | 'assumedChildren';
  actual: readonly ActualPoint[];
  /** From where it stands to where it leads; empty if there is no forecast. */
  forecast: readonly CurvePoint[];
  /** Planned percent on the day, and achieved − planned in percentage points; the gap null if nothing is known. */
  comparison: { planned: number; gap: CurveGap | null } | null;
  finish: CurveFinish | null;
  milestones: readonly CurveMilestone[];
  /** Said below the title, such as that the data is illustrative. */
  note: string | null;
}

/** The days that a milestone has. */
export function daysOf({ dueDate, dateMet }: CurveMilestone): CalendarDate[] {
  return [dueDate, dateMet].filter((date) => date !== null);
}

/** A plan in which a straight line has a part. */
export function isAssumed({ plannedBy }: Pick<Curve, 'plannedBy'>): boolean {
  return plannedBy === 'period' || plannedBy === 'assumedChildren';
}

export function isOverdue({ dueDate, dateMet }: CurveMilestone, asOf: CalendarDate): boolean {
  return dateMet === null && dueDate !== null && dueDate < asOf;
}
