import { type Schedule, scheduleOf } from '../../formulas/earned-schedule.ts';
import { type Cost, costOf, type MinorMoney } from '../../formulas/earned-value.ts';
import { unknownStanding } from '../../formulas/effective-progress.ts';
import { gapOf, type PointsHundredths } from '../../formulas/plan-gap.ts';
import { plannedPercent } from '../../formulas/planned-percent.ts';
import type { Standing } from '../../formulas/roll-up.ts';
import { type Trend, trendOf } from '../../formulas/trend.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { type PercentFine, toFine } from '../../shared/percent.ts';
import {
  decodeRecent,
  type KeptBaseline,
  type ProjectNode,
  type RecentPercent,
  type RecentPercents,
  type Spent,
} from '../projects/index.ts';

/** All that early or late, dear or cheap is told from. */
export interface PlanQuestion {
  asOf: CalendarDate;
  standing: Standing;
  /** The first day by which surely all was done, if it is. */
  finishedOn: CalendarDate | null;
  baseline: KeptBaseline | null;
  budget: MinorMoney | null;
  spent: Spent | null;
  /** The project's own newest reports, by day. */
  recent: RecentPercents;
}

/** How far a project is ahead of its plan (above 0) or behind it. */
export interface Gap {
  gap: PointsHundredths;
  /** By the lower and the upper bound of what is known. */
  low: PointsHundredths;
  high: PointsHundredths;
}

export interface AgainstPlan {
  plan: (KeptBaseline & { planned: PercentFine; gap: Gap | null }) | null;
  /** Null without a plan. */
  schedule: Schedule | null;
  /** Null if the project has no reports of its own. */
  trend: Trend | null;
  /** Null if there is neither a budget nor money spent. */
  cost: (Cost & CostRange) | null;
}

/** What it will cost if the upper, or the lower, bound of what is done is right; null where nobody can say. */
export interface CostRange {
  budget: MinorMoney | null;
  spent: Spent | null;
  leastEstimateMinor: number | null;
  mostEstimateMinor: number | null;
}

/** Early or late, by how much, finishing when, and at what cost. */
export function againstPlan(question: PlanQuestion): AgainstPlan {
  const { asOf, baseline, standing, finishedOn, recent } = question;
  const planned = baseline === null ? null : plannedPercent(baseline.curve, asOf);
  return {
    plan:
      baseline === null || planned === null ? null : { ...baseline, planned, gap: gapTo(planned, standing) },
    schedule:
      baseline === null ? null : scheduleOf({ baseline: baseline.curve, ...standing, asOf, finishedOn }),
    trend: recent === null ? null : trendThrough(decodeRecent(recent), asOf, finishedOn),
    cost: costAt(planned, question),
  };
}

function gapTo(planned: PercentFine, { percent, low, high }: Standing): Gap | null {
  if (percent === null) return null;
  return { gap: gapOf(percent, planned), low: gapOf(low, planned), high: gapOf(high, planned) };
}

/** A trend knows the last reports only, and not since when all is done. */
function trendThrough(
  recent: readonly RecentPercent[],
  asOf: CalendarDate,
  finishedOn: CalendarDate | null,
): Trend {
  const points = recent.map(({ asOf: date, percentHundredths }) => ({
    date,
    percent: toFine(percentHundredths),
  }));
  const trend = trendOf(points, asOf);
  return finishedOn !== null && trend.forecastFinish !== null
    ? { ...trend, forecastFinish: finishedOn }
    : trend;
}

function costAt(planned: PercentFine | null, { budget, spent, standing }: PlanQuestion): AgainstPlan['cost'] {
  if (budget === null && spent === null) return null;
  const at = (earned: PercentFine | null) => costOf({ budget, planned, earned, spent });
  const cost = at(standing.percent);
  const boundary = (bound: PercentFine) =>
    standing.percent === null || bound === standing.percent
      ? cost.estimateAtCompletionMinor
      : at(bound).estimateAtCompletionMinor;
  return {
    ...cost,
    budget,
    spent,
    leastEstimateMinor: boundary(standing.high),
    mostEstimateMinor: boundary(standing.low),
  };
}

/** Of a project that was not there yet, nothing can be told. */
export const nothingToCompare: Omit<PlanQuestion, 'asOf'> = Object.freeze({
  standing: unknownStanding,
  finishedOn: null,
  baseline: null,
  budget: null,
  spent: null,
  recent: null,
});

export function budgetOf({
  budgetMinor,
  budgetCurrency,
}: Pick<ProjectNode, 'budgetMinor' | 'budgetCurrency'>): MinorMoney | null {
  if (budgetMinor === null || budgetCurrency === null) return null;
  return { amountMinor: budgetMinor, currency: budgetCurrency };
}
