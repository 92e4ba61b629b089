import { type Static, Type } from '@sinclair/typebox';
import { computedQualifier, computedQualifiers, sourceNames } from '../../formulas/effective-progress.ts';
import { quantityProgress } from '../../formulas/quantity-progress.ts';
import type { Standing } from '../../formulas/roll-up.ts';
import { lightReasons, lights } from '../../formulas/traffic-light.ts';
import {
  CalendarDay,
  closed,
  Moment,
  nullable,
  oneOf,
  PercentNumber,
  QualifierWord,
  ref,
  Slug,
} from '../../http/schemas.ts';
import { shownPercent, shownShare } from '../../shared/percent.ts';
import { baselineBases, scale } from '../projects/index.ts';
import { CostFigures, PlanComparison, ScheduleFigures, TrendFigures } from './plan-schemas.ts';
import type { History, PlannedPoint as PlannedByDay, Progress } from './progress.ts';

const span = {
  percent: nullable(PercentNumber('Null: nothing is known, which is not 0.')),
  low: PercentNumber('It is surely not below this.'),
  high: PercentNumber('It is surely not above this.', 100),
};
const Computed = oneOf(computedQualifiers, { description: 'What the interval amounts to.' });
const Names = (description: string) =>
  Type.Array(Type.String(), { description: `${description} At most 200 are named.` });

const ReportSource = closed(
  {
    ...span,
    qualifier: QualifierWord,
    asOf: CalendarDay('The day it speaks of.'),
    stated: nullable(Type.String()),
    revision: Type.Integer(),
  },
  { $id: 'ReportSource', description: 'The project’s own newest report.' },
);

const ChildrenSource = closed(
  {
    ...span,
    qualifier: Computed,
    coverage: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'The share of the weight that has reported.',
      examples: [0.6667],
    }),
    weightBasis: Type.String(),
    children: Type.Integer({ description: 'How many count: not cancelled, not archived.' }),
    missing: Names('Children of which nothing is known.'),
    missingCount: Type.Integer(),
    unweighted: Names('Children that have no weight on this basis, and are left out of the figure.'),
    unweightedCount: Type.Integer(),
  },
  { $id: 'ChildrenSource', description: 'The roll-up over the projects directly below.' },
);

const QuantitiesSource = closed(
  {
    ...span,
    qualifier: Computed,
    code: Slug('The quantity that speaks for the project: its first one that was reported.', 'households'),
    asOf: CalendarDay('The day it speaks of.'),
  },
  { $id: 'QuantitiesSource', description: 'Done ÷ total of the project’s measured scope.' },
);

const MilestonesSource = closed(
  {
    ...span,
    qualifier: Computed,
    asOf: CalendarDay('The newest day by which one that has a weight was met, be it in part.'),
    milestones: Type.Integer({ description: 'How many there are.' }),
    met: Type.Integer(),
    partlyMet: Type.Integer({ description: 'They lift `high` only: how far they are, nobody said.' }),
    unweighted: Type.Integer({ description: 'Those without a weight, which do not count.' }),
    weightMet: Type.Number({ examples: [15] }),
    weightTotal: Type.Number({ description: 'What all weigh together.', examples: [100] }),
    normalized: Type.Boolean({
      description: 'true: the weights do not add up to 100, and were divided by their sum.',
    }),
  },
  {
    $id: 'MilestonesSource',
    description:
      'The weight of the milestones met ÷ the weight of all. Null as long as none that has a weight is met: that is not 0.',
  },
);

const QuantityProgress = closed(
  {
    code: Type.String(),
    value: Type.Number({ description: 'The whole.' }),
    unit: Type.String(),
    done: nullable(Type.Number({ description: 'As last reported; null if never.' })),
    percent: nullable(PercentNumber('Done ÷ whole.')),
  },
  { $id: 'QuantityProgress' },
);

const Inconsistency = closed(
  {
    sources: Type.Array(oneOf(sourceNames), {
      description: 'The one that says more, then the one that says less.',
    }),
    gap: Type.Number({ description: 'Percentage points between their intervals.' }),
    message: Type.String(),
  },
  { $id: 'Inconsistency', description: 'Two sources whose intervals do not meet.' },
);

const example = {
  projectId: 'yueping-estate-renovation',
  asOf: '2023-06-30',
  knownAt: null,
  percent: 85,
  qualifier: 'atLeast',
  low: 85,
  high: 100,
  basis: 'report',
  consistent: true,
  inconsistency: null,
  sources: {
    report: {
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      asOf: '2023-06-30',
      stated: '85%以上',
      revision: 1,
    },
    children: {
      percent: null,
      low: 0,
      high: 100,
      qualifier: 'between',
      coverage: 0,
      weightBasis: 'equal',
      children: 3,
      missing: ['yueping-zone-a', 'yueping-zone-b', 'yueping-zone-c'],
      missingCount: 3,
      unweighted: [],
      unweightedCount: 0,
    },
    milestones: null,
    quantities: null,
  },
  quantities: [
    { code: 'households', value: 563, unit: '户', done: null, percent: null },
    { code: 'buildings', value: 17, unit: '栋', done: null, percent: null },
    { code: 'floor-area', value: 30000, unit: 'm²', done: null, percent: null },
  ],
  plan: null,
  schedule: null,
  trend: { forecastFinish: null, pointsPerDay: null, reports: 1, reason: 'tooFewReports' as const },
  cost: null,
  light: null,
  lightReason: 'noPlan' as const,
  silentDays: 0,
};

export const ProgressShape = closed(
  {
    projectId: Type.String(),
    asOf: CalendarDay('The day that is asked about.'),
    knownAt: nullable(Moment('The moment whose knowledge is asked about; null: all that is known now.')),
    ...span,
    qualifier: Computed,
    basis: nullable(oneOf(sourceNames), {
      description: 'The source that the figure was taken from; null: nothing is known.',
    }),
    consistent: Type.Boolean({ description: 'Whether the intervals of all sources meet.' }),
    inconsistency: nullable(ref(Inconsistency)),
    sources: closed({
      report: nullable(ref(ReportSource)),
      children: nullable(ref(ChildrenSource)),
      milestones: nullable(ref(MilestonesSource)),
      quantities: nullable(ref(QuantitiesSource)),
    }),
    quantities: Type.Array(ref(QuantityProgress), { description: 'The measured scope. It is not progress.' }),
    plan: nullable(ref(PlanComparison), { description: 'Null where there is neither a plan nor a period.' }),
    schedule: nullable(ref(ScheduleFigures), { description: 'Null without a plan.' }),
    trend: nullable(ref(TrendFigures), { description: 'Null without reports of its own.' }),
    cost: nullable(ref(CostFigures), {
      description: 'Null where there is neither a budget nor money spent.',
    }),
    light: nullable(oneOf(lights), {
      description:
        'Green, yellow and red by the points behind plan, grey when silent; null: nothing to tell.',
    }),
    lightReason: oneOf(lightReasons, {
      description:
        'compared: with the plan; silent; stopped: cancelled or suspended; noPlan or noProgress: nothing to compare.',
    }),
    silentDays: nullable(
      Type.Integer({
        description:
          'Days from the newest report, of the project or below it, to asOf; null: never reported.',
      }),
    ),
  },
  {
    $id: 'Progress',
    description: 'Where a project stands: every source side by side, and the one that counts.',
    examples: [example],
  },
);

const CurvePoint = closed(
  { date: CalendarDay('The day.'), ...span, qualifier: Computed, basis: nullable(oneOf(sourceNames)) },
  { $id: 'CurvePoint' },
);

const PlannedPoint = closed(
  { date: CalendarDay('The day.'), percent: PercentNumber('Planned by then.') },
  { $id: 'PlannedPoint' },
);

export const HistoryShape = closed(
  {
    projectId: Type.String(),
    asOf: CalendarDay('The day from which the forecast looks ahead: `to`.'),
    actual: Type.Array(ref(CurvePoint), { description: 'A point for each day on which something was said.' }),
    planned: Type.Array(ref(PlannedPoint), {
      description: 'The bends of the whole plan, whatever `from` and `to`; between them it is straight.',
    }),
    plannedBasis: nullable(oneOf(baselineBases), {
      description: 'Where the plan is from; null without one.',
    }),
    forecast: Type.Array(ref(PlannedPoint), {
      description:
        'From the last point to the forecast finish; empty where there is none, or nothing left to do.',
    }),
    forecastBasis: nullable(oneOf(['schedule', 'trend']), {
      description:
        'What the forecast is made by: earned schedule, or, without a plan, the trend of the last reports.',
    }),
    earliestFinish: nullable(
      CalendarDay('The forecast by the upper bound of what is known; null where the schedule has none.'),
    ),
    latestFinish: nullable(CalendarDay('The forecast by the lower bound; null where there is none above 0.')),
  },
  {
    $id: 'History',
    description: 'The curve of progress over time.',
    examples: [
      {
        projectId: 'yueping-estate-renovation',
        asOf: '2023-06-30',
        actual: [
          { date: '2023-06-30', percent: 85, low: 85, high: 100, qualifier: 'atLeast', basis: 'report' },
        ],
        planned: [],
        plannedBasis: null,
        forecast: [],
        forecastBasis: null,
        earliestFinish: null,
        latestFinish: null,
      },
    ],
  },
);

export {
  ChildrenSource,
  CostFigures,
  CurvePoint,
  Inconsistency,
  MilestonesSource,
  PlanComparison,
  PlannedPoint,
  QuantitiesSource,
  QuantityProgress,
  ReportSource,
  ScheduleFigures,
  TrendFigures,
};

/** The progress as clients see it. */
export function progressShapeOf(progress: Progress): Static<typeof ProgressShape> {
  const { effective, sources, told, named } = progress;
  const { own, done, milestones: sums } = told;
  const { report, children, milestones, quantities } = sources;
  return {
    projectId: progress.projectId,
    asOf: progress.asOf,
    knownAt: progress.knownAt,
    ...spanOf(effective.standing),
    qualifier: effective.qualifier,
    basis: effective.basis,
    consistent: effective.inconsistency === null,
    inconsistency: effective.inconsistency,
    sources: {
      report: report &&
        own && {
          ...spanOf(report),
          qualifier: own.qualifier,
          asOf: own.asOf,
          stated: own.stated,
          revision: own.revision,
        },
      children: children && {
        ...spanOf(children),
        qualifier: computedQualifier(children),
        coverage: shownShare(children.coverage),
        weightBasis: progress.weightBasis,
        children: children.children,
        missing: named.missing,
        missingCount: children.silent,
        unweighted: named.unweighted,
        unweightedCount: children.unweighted,
      },
      milestones: milestones &&
        sums && {
          ...spanOf(milestones),
          qualifier: computedQualifier(milestones),
          asOf: milestones.asOf,
          milestones: sums.count,
          met: sums.met,
          partlyMet: sums.partlyMet,
          unweighted: sums.unweighted,
          weightMet: sums.metScaled / scale,
          weightTotal: sums.allScaled / scale,
          normalized: sums.allScaled !== 100 * scale,
        },
      quantities: quantities && {
        ...spanOf(quantities),
        qualifier: computedQualifier(quantities),
        code: quantities.code,
        asOf: quantities.asOf,
      },
    },
    quantities: progress.quantities.map(({ code, valueScaled, unit }) => {
      const part = done.find((each) => each.code === code);
      const share =
        part === undefined ? null : quantityProgress(BigInt(part.valueScaled), BigInt(valueScaled));
      return {
        code,
        value: valueScaled / scale,
        unit,
        done: part === undefined ? null : part.valueScaled / scale,
        percent: share === null || share.percent === null ? null : shownPercent(share.percent),
      };
    }),
    ...progress.against,
    light: progress.light.light,
    lightReason: progress.light.reason,
    silentDays: progress.silentDays,
  };
}

export function historyShapeOf(history: History): Static<typeof HistoryShape> {
  const shown = (points: readonly PlannedByDay[]) =>
    points.map(({ date, percent }) => ({ date, percent: shownPercent(percent) }));
  return {
    projectId: history.projectId,
    asOf: history.asOf,
    actual: history.actual.map(({ date, effective }) => ({
      date,
      ...spanOf(effective.standing),
      qualifier: effective.qualifier,
      basis: effective.basis,
    })),
    planned: shown(history.planned),
    plannedBasis: history.against.plan?.basis ?? null,
    forecast: shown(history.forecast),
    forecastBasis: history.forecastBasis,
    earliestFinish: history.against.schedule?.earliestFinish ?? null,
    latestFinish: history.against.schedule?.latestFinish ?? null,
  };
}

function spanOf({ percent, low, high }: Standing) {
  return {
    percent: percent === null ? null : shownPercent(percent),
    low: shownPercent(low),
    high: shownPercent(high),
  };
}
