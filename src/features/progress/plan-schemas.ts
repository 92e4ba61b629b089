import { type Static, Type } from '@sinclair/typebox';
import { type Reason, reasonMeanings } from '../../formulas/figure.ts';
import { CalendarDay, closed, nullable, oneOf, PercentNumber } from '../../http/schemas.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { numberFromHundredths, shownPercent, shownShare } from '../../shared/percent.ts';
import { baselineBases } from '../projects/index.ts';
import type { AgainstPlan } from './against-plan.ts';

const reasons = Object.keys(reasonMeanings) as [Reason, ...Reason[]];
const Why = nullable(oneOf(reasons), {
  description: `Why the first of the figures that are null is; null if none is. ${Object.entries(
    reasonMeanings,
  )
    .map(([word, meaning]) => `${word}: ${meaning}`)
    .join(' ')}`,
});
const Whys = Type.Unsafe<Record<string, Reason>>({
  type: 'object',
  additionalProperties: oneOf(reasons),
  description: 'Why each of those that are null is, by its name.',
});
const Figure = (description: string) => nullable(Type.Number({ description }));
const Day = (description: string, example: string) => nullable(CalendarDay(description, example));

export const PlanComparison = closed(
  {
    percent: PercentNumber('Planned to be done by the end of the day.', 49.59),
    basis: oneOf(baselineBases, {
      description:
        'Where the plan is from: the project’s own plan; its period, as a straight line; or the plans of its children, by the weights of the roll-up.',
    }),
    assumed: Type.Boolean({
      description: 'It is the straight line of a period (序时进度), or some of what it is rolled up from is.',
    }),
    coverage: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'The share of the weight that has a plan: 1 unless it is made of the plans of children.',
    }),
    startDate: CalendarDay('The first day of the plan.', '2023-01-01'),
    finishDate: Day('The day by whose end all is planned to be done; null if it never is.', '2023-12-31'),
    gap: Figure('Achieved − planned, in percentage points; below 0 is behind. Null if nothing is known.'),
    gapLow: Figure('The same by the lower bound of what is known.'),
    gapHigh: Figure('The same by the upper bound.'),
    revision: nullable(Type.Integer({ description: 'Of the project’s own plan; null if it is not that.' })),
  },
  { $id: 'PlanComparison', description: 'How much was planned, and how far from it the project is.' },
);

export const ScheduleFigures = closed(
  {
    spi: Figure('EV ÷ PV: below 1 is late.'),
    sv: Figure('EV − PV in percentage points, as a budget of 100 has it.'),
    earnedScheduleDays: Figure('ES: the day of the plan by which it wanted what is done now.'),
    actualDays: nullable(Type.Integer({ description: 'AT: days since the plan began.' })),
    spiTime: Figure('ES ÷ AT. Unlike SPI it does not drift to 1 on what finishes late.'),
    svDays: Figure('ES − AT in days; below 0 is late.'),
    plannedFinish: Day('By the plan.', '2023-12-31'),
    forecastFinish: Day(
      'At the pace so far (start + planned duration ÷ SPI(t)); once finished, the first day by which all was done.',
      '2024-03-28',
    ),
    earliestFinish: Day('The forecast if the upper bound of what is known is right.', '2023-06-30'),
    latestFinish: Day(
      'The forecast if the lower bound is right; null if there is none above 0.',
      '2024-03-28',
    ),
    daysLate: nullable(Type.Integer({ description: 'From planned to forecast finish; below 0 is early.' })),
    finished: Type.Boolean({ description: 'Nothing is left to do, by the lower bound too.' }),
    reason: Why,
    reasons: Whys,
  },
  { $id: 'ScheduleFigures', description: 'Early or late, by how many days, and finishing when.' },
);

export const TrendFigures = closed(
  {
    forecastFinish: Day('Where the line reaches 100 %.', '2023-11-30'),
    pointsPerDay: Figure('What it rises by, in percentage points a day.'),
    reports: Type.Integer({ description: 'How many of the project’s own reports the line goes through.' }),
    reason: Why,
  },
  {
    $id: 'TrendFigures',
    description: 'A second forecast, which knows no plan: least squares through the last five reports.',
  },
);

export const CostFigures = closed(
  {
    budgetAtCompletion: Figure('BAC: the budget.'),
    plannedValue: Figure('PV: planned % × BAC.'),
    earnedValue: Figure('EV: done % × BAC.'),
    actualCost: Figure('AC: all the money spent, by the newest report that says so; in `spentCurrency`.'),
    spentAsOf: Day('The day that the money spent speaks of.', '2023-06-30'),
    spentCurrency: nullable(Type.String({ description: 'ISO 4217.' })),
    scheduleVariance: Figure('EV − PV.'),
    costVariance: Figure('EV − AC.'),
    spi: Figure('EV ÷ PV.'),
    cpi: Figure('EV ÷ AC: below 1 is dearer than planned.'),
    estimateAtCompletion: Figure('EAC: BAC ÷ CPI.'),
    leastEstimateAtCompletion: Figure('EAC if the upper bound of what is done is right.'),
    mostEstimateAtCompletion: Figure('EAC if the lower bound is right; null if that is 0.'),
    estimateToComplete: Figure('EAC − AC.'),
    varianceAtCompletion: Figure('BAC − EAC.'),
    tcpi: Figure('(BAC − EV) ÷ (BAC − AC): the pace that is needed to end within the budget.'),
    currency: nullable(Type.String({ description: 'Of all but the money spent; ISO 4217.' })),
    reason: Why,
    reasons: Whys,
  },
  { $id: 'CostFigures', description: 'What the work done is worth against what was planned and spent.' },
);

/** {@link AgainstPlan} as clients see it. */
export interface ShownAgainstPlan {
  plan: Static<typeof PlanComparison> | null;
  schedule: Static<typeof ScheduleFigures> | null;
  trend: Static<typeof TrendFigures> | null;
  cost: Static<typeof CostFigures> | null;
}

export function againstPlanShapeOf({ plan, schedule, trend, cost }: AgainstPlan): ShownAgainstPlan {
  return {
    plan: plan === null ? null : planShapeOf(plan),
    schedule: schedule === null ? null : scheduleShapeOf(schedule),
    trend: trend === null ? null : trendShapeOf(trend),
    cost: cost === null ? null : costShapeOf(cost),
  };
}

function planShapeOf(plan: NonNullable<AgainstPlan['plan']>): Static<typeof PlanComparison> {
  const { planned, basis, isAssumed, coverage, curve, gap, revision } = plan;
  return {
    percent: shownPercent(planned),
    basis,
    assumed: isAssumed,
    coverage: shownShare(coverage),
    startDate: curve.startDate,
    finishDate: curve.finishDate,
    gap: gap === null ? null : numberFromHundredths(gap.gap),
    gapLow: gap === null ? null : numberFromHundredths(gap.low),
    gapHigh: gap === null ? null : numberFromHundredths(gap.high),
    revision,
  };
}

const scheduleNames = {
  varianceHundredths: 'sv',
  performanceIndex: 'spi',
  earnedDays: 'earnedScheduleDays',
  actualDays: 'actualDays',
  varianceDays: 'svDays',
  performanceIndexTime: 'spiTime',
  plannedFinish: 'plannedFinish',
  forecastFinish: 'forecastFinish',
  earliestFinish: 'earliestFinish',
  latestFinish: 'latestFinish',
  daysLate: 'daysLate',
} as const;

function scheduleShapeOf(schedule: NonNullable<AgainstPlan['schedule']>): Static<typeof ScheduleFigures> {
  const { varianceHundredths } = schedule;
  return {
    spi: schedule.performanceIndex,
    sv: varianceHundredths === null ? null : numberFromHundredths(varianceHundredths),
    earnedScheduleDays: schedule.earnedDays,
    actualDays: schedule.actualDays,
    spiTime: schedule.performanceIndexTime,
    svDays: schedule.varianceDays,
    plannedFinish: schedule.plannedFinish,
    forecastFinish: schedule.forecastFinish,
    earliestFinish: schedule.earliestFinish,
    latestFinish: schedule.latestFinish,
    daysLate: schedule.daysLate,
    finished: schedule.isFinished,
    reason: schedule.reason,
    reasons: named(schedule.reasons, scheduleNames),
  };
}

function trendShapeOf(trend: NonNullable<AgainstPlan['trend']>): Static<typeof TrendFigures> {
  const { forecastFinish, pointsPerDay, reports, reason } = trend;
  return { forecastFinish, pointsPerDay, reports, reason };
}

const costNames = {
  budgetAtCompletionMinor: 'budgetAtCompletion',
  plannedValueMinor: 'plannedValue',
  earnedValueMinor: 'earnedValue',
  actualCostMinor: 'actualCost',
  scheduleVarianceMinor: 'scheduleVariance',
  costVarianceMinor: 'costVariance',
  schedulePerformanceIndex: 'spi',
  costPerformanceIndex: 'cpi',
  estimateAtCompletionMinor: 'estimateAtCompletion',
  estimateToCompleteMinor: 'estimateToComplete',
  varianceAtCompletionMinor: 'varianceAtCompletion',
  toCompletePerformanceIndex: 'tcpi',
} as const;

function costShapeOf(cost: NonNullable<AgainstPlan['cost']>): Static<typeof CostFigures> {
  const currency = cost.budget?.currency ?? cost.spent?.currency ?? 'CNY';
  const money = (minor: number | null, of = currency) => (minor === null ? null : amountFromMinor(minor, of));
  return {
    budgetAtCompletion: money(cost.budgetAtCompletionMinor),
    plannedValue: money(cost.plannedValueMinor),
    earnedValue: money(cost.earnedValueMinor),
    actualCost: money(cost.actualCostMinor, cost.spent?.currency),
    spentAsOf: cost.spent?.asOf ?? null,
    spentCurrency: cost.spent?.currency ?? null,
    scheduleVariance: money(cost.scheduleVarianceMinor),
    costVariance: money(cost.costVarianceMinor),
    spi: cost.schedulePerformanceIndex,
    cpi: cost.costPerformanceIndex,
    estimateAtCompletion: money(cost.estimateAtCompletionMinor),
    leastEstimateAtCompletion: money(cost.leastEstimateMinor),
    mostEstimateAtCompletion: money(cost.mostEstimateMinor),
    estimateToComplete: money(cost.estimateToCompleteMinor),
    varianceAtCompletion: money(cost.varianceAtCompletionMinor),
    tcpi: cost.toCompletePerformanceIndex,
    currency: cost.budget?.currency ?? null,
    reason: cost.reason,
    reasons: named(cost.reasons, costNames),
  };
}

/** The reasons under the names that clients know. */
function named<Name extends string>(
  reasonsByName: { readonly [Each in Name]?: Reason },
  names: Readonly<Record<Name, string>>,
): Record<string, Reason> {
  if (Object.keys(reasonsByName).length === 0) return noReasons;
  const shown: Record<string, Reason> = {};
  for (const [name, reason] of Object.entries<Reason | undefined>(reasonsByName))
    if (reason !== undefined) shown[names[name as Name]] = reason;
  return shown;
}

const noReasons: Record<string, Reason> = Object.freeze({});
