import type { EffectiveProgress } from '../../formulas/effective-progress.ts';
import type { TrafficLight } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import type { PercentFine } from '../../shared/percent.ts';
import type { OwnReport, ProjectSources, Quantity, Told, WeightBasis } from '../projects/index.ts';
import type { AgainstPlan } from './against-plan.ts';
import type { ShownAgainstPlan } from './plan-schemas.ts';

/** Children that a roll-up has to name, at most {@link namedAtMost} of each; their counts are whole. */
export interface NamedChildren {
  missing: string[];
  unweighted: string[];
}

/** More names than a person reads are not listed; how many there are is always said. */
export const namedAtMost = 200;

/**
 * Where a project stands on a day, as known at a moment: every source side by side, the one that counts, and whether
 * they agree.
 */
export interface Progress {
  projectId: string;
  asOf: CalendarDate;
  /** Null: all that is known now. */
  knownAt: Instant | null;
  effective: EffectiveProgress;
  /** The day that the figure itself speaks of; null where nothing is known. */
  figureAsOf: CalendarDate | null;
  sources: ProjectSources;
  told: Told;
  weightBasis: WeightBasis;
  /** The scope, with how much of each is done where a report says so. */
  quantities: Quantity[];
  named: NamedChildren;
  /** Early or late, finishing when, and at what cost. */
  against: ShownAgainstPlan;
  /** By the light rules that hold for it. */
  light: TrafficLight;
  /** Days from the newest report, of the project or of what lies below it, to `asOf`; null if there is none. */
  silentDays: number | null;
}

/** One point of the actual curve. */
export interface HistoryPoint {
  date: CalendarDate;
  effective: EffectiveProgress;
  /** The report in whose words it was said; null where that is not what counts. */
  own: OwnReport | null;
}

export interface PlannedPoint {
  date: CalendarDate;
  percent: PercentFine;
}

/** How a project came to where it stands on a day, how it was planned, and where it leads. */
export interface History {
  projectId: string;
  asOf: CalendarDate;
  actual: readonly HistoryPoint[];
  planned: readonly PlannedPoint[];
  /** From the last point to the finish; empty if there is no forecast, or nothing left to do. */
  forecast: readonly PlannedPoint[];
  forecastBasis: 'schedule' | 'trend' | null;
  against: AgainstPlan;
}
