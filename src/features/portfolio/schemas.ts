import { type Static, Type } from '@sinclair/typebox';
import { computedQualifier, computedQualifiers } from '../../formulas/effective-progress.ts';
import { lights } from '../../formulas/traffic-light.ts';
import {
  CalendarDay,
  closed,
  Moment,
  nullable,
  oneOf,
  PercentNumber,
  ref,
  Slug,
  slugPattern,
} from '../../http/schemas.ts';
import { daysBetween } from '../../shared/calendar-date.ts';
import { numberFromHundredths, shownPercent, shownShare } from '../../shared/percent.ts';
import { projectStatuses, shownLights, type WeightBasis } from '../projects/index.ts';
import type { Comparison, Counted, Moved, NamedProject, Portfolio } from './portfolio.ts';

const Count = Type.Integer({ minimum: 0 });
const Points = (description: string) => nullable(Type.Number({ description }));
const exampleId = 'yueping-estate-renovation';

export const WeightBasisWord = Type.Unsafe<WeightBasis>({
  type: 'string',
  pattern: `^(?:equal|weight|budget|quantity:${slugPattern.slice(1, -1)})$`,
  maxLength: 73,
  default: 'equal',
  description: 'By what the projects weigh: `equal`, `weight`, `budget`, or `quantity:<code>`.',
  examples: ['quantity:households'],
});

const span = {
  percent: nullable(PercentNumber('Null: nothing is known, which is not 0.')),
  low: PercentNumber('It is surely not below this.'),
  high: PercentNumber('It is surely not above this.', 100),
  qualifier: oneOf(computedQualifiers),
};

export const PortfolioRollUp = closed(
  {
    ...span,
    coverage: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'The share of the weight that has reported.',
    }),
    weightBasis: Type.String(),
    missingCount: Type.Integer({ description: 'Projects of which nothing is known.' }),
    unweightedCount: Type.Integer({
      description: 'Projects without a weight on this basis, or in another unit or currency than most.',
    }),
  },
  { $id: 'PortfolioRollUp', description: 'All of them together; cancelled ones have no part in it.' },
);

export const PortfolioRow = closed(
  {
    projectId: Slug('The project.', exampleId),
    title: Type.String(),
    organizationId: Type.String(),
    status: oneOf(projectStatuses),
    light: nullable(oneOf(lights)),
    ...span,
    planned: nullable(PercentNumber('Planned by the day; null without a plan.')),
    gap: Points('Achieved − planned, in percentage points.'),
    silentDays: nullable(
      Type.Integer({ description: 'Days since the newest report; null: never reported.' }),
    ),
  },
  { $id: 'PortfolioRow', description: 'One project of a portfolio.' },
);

const SilentProject = closed(
  {
    projectId: Slug('The project.', exampleId),
    silentDays: nullable(Type.Integer({ description: 'Null: never reported.' })),
  },
  { $id: 'SilentProject' },
);

const SlippedMilestone = closed(
  {
    projectId: Slug('The project.', exampleId),
    milestoneId: Type.String(),
    days: Type.Integer({ description: 'From its first due date to the day, or to the due date it has now.' }),
  },
  { $id: 'SlippedMilestone' },
);

const PushedMilestone = closed(
  {
    projectId: Slug('The project.', exampleId),
    milestoneId: Type.String(),
    dueDateBefore: CalendarDay('The due date that was known on the earlier day.'),
    dueDate: CalendarDay('The one that was known on the later day.', '2023-09-30'),
    days: Type.Integer({ minimum: 1 }),
  },
  { $id: 'PushedMilestone' },
);

const MovedProject = closed(
  {
    projectId: Slug('The project.', exampleId),
    from: nullable(PercentNumber('On the earlier day; null: nothing was known.')),
    to: nullable(PercentNumber('On the day.')),
    points: Points('By how many percentage points; null where one of the two is not known.'),
    lightBefore: nullable(oneOf(lights)),
    light: nullable(oneOf(lights)),
  },
  { $id: 'MovedProject' },
);

const LightCounts = closed(
  Object.fromEntries(shownLights.map((light) => [light, Count])) as Record<
    (typeof shownLights)[number],
    typeof Count
  >,
  { $id: 'LightCounts', description: '`none`: nothing to compare with, or stopped.' },
);

const StatusCounts = closed(
  Object.fromEntries(projectStatuses.map((status) => [status, Count])) as Record<
    (typeof projectStatuses)[number],
    typeof Count
  >,
  { $id: 'StatusCounts' },
);

const PortfolioComparison = closed(
  {
    asOf: CalendarDay('The earlier day.', '2023-03-31'),
    byLight: ref(LightCounts),
    rollUp: ref(PortfolioRollUp),
    points: Points('By how many percentage points all of them together have moved since.'),
    moved: Type.Array(ref(MovedProject), { description: 'The furthest first, whichever way.' }),
    movedCount: Count,
    newlyRed: Type.Array(Type.String(), { description: 'Red on the day, and not on the earlier one.' }),
    newlyRedCount: Count,
    pushed: Type.Array(ref(PushedMilestone), { description: 'Milestones that were put off in between.' }),
  },
  {
    $id: 'PortfolioComparison',
    description:
      'How the same projects stood on an earlier day, by what is known now and by the same light rules.',
  },
);

const rollUpExample = {
  percent: 85,
  low: 8.5,
  high: 100,
  qualifier: 'between' as const,
  coverage: 0.1,
  weightBasis: 'equal',
  missingCount: 9,
  unweightedCount: 0,
};

export const PortfolioShape = closed(
  {
    within: nullable(Type.String({ description: 'Null: all that the token sees.' })),
    asOf: CalendarDay('The day asked about.'),
    knownAt: nullable(Moment('The moment whose knowledge is asked about; null: all that is known now.')),
    projects: Count,
    byStatus: ref(StatusCounts),
    byLight: ref(LightCounts),
    rollUp: ref(PortfolioRollUp),
    ranked: Type.Array(ref(PortfolioRow), {
      description:
        'In the order in which they are to be read: red, grey, yellow, green, none; within one, who has it the longest.',
    }),
    slipped: Type.Array(ref(SlippedMilestone), {
      description: 'Milestones that are open and late against their first due date, the worst first.',
    }),
    silent: Type.Array(ref(SilentProject), { description: 'Those that are grey, the longest silent first.' }),
    comparison: nullable(ref(PortfolioComparison), { description: 'Null where nothing is compared.' }),
  },
  {
    $id: 'Portfolio',
    description:
      'All projects of an organization or a programme: counted, rolled up, and the first of each list.',
    examples: [
      {
        within: 'tianmashan',
        asOf: '2023-06-30',
        knownAt: null,
        projects: 10,
        byStatus: {
          ...Object.fromEntries(projectStatuses.map((status) => [status, 0])),
          identification: 1,
          preparation: 5,
          implementation: 3,
          completion: 1,
        },
        byLight: { green: 0, yellow: 0, red: 0, grey: 8, none: 2 },
        rollUp: rollUpExample,
        ranked: [
          {
            projectId: exampleId,
            title: '岳屏社区老旧小区改造项目',
            organizationId: 'yueping',
            status: 'implementation',
            light: null,
            percent: 85,
            low: 85,
            high: 100,
            qualifier: 'atLeast',
            planned: null,
            gap: null,
            silentDays: 0,
          },
        ],
        slipped: [],
        silent: [{ projectId: 'leego-energy-centre', silentDays: null }],
        comparison: null,
      },
    ],
  },
);

export {
  LightCounts,
  MovedProject,
  PortfolioComparison,
  PushedMilestone,
  SilentProject,
  SlippedMilestone,
  StatusCounts,
};

/** The portfolio as clients see it. */
export function shapeOf(portfolio: Portfolio): Static<typeof PortfolioShape> {
  const { within, asOf, knownAt, counted, weightBasis, comparison } = portfolio;
  const { projects, byStatus, byLight } = counted;
  const rolledUp = rollUpShapeOf(counted, weightBasis);
  return {
    ...{ within, asOf, knownAt, projects, byStatus, byLight },
    rollUp: rolledUp,
    ranked: portfolio.ranked.map(rowShapeOf),
    slipped: portfolio.slipped,
    silent: portfolio.silent.map(({ id, saidAsOf }) => ({
      projectId: id,
      silentDays: saidAsOf === null ? null : daysBetween(saidAsOf, asOf),
    })),
    comparison: comparison && comparisonShapeOf(comparison, rolledUp.percent, weightBasis),
  };
}

export function rollUpShapeOf({ rollUp }: Counted, weightBasis: string): Static<typeof PortfolioRollUp> {
  if (rollUp === null) {
    const nothing = { percent: null, low: 0, high: 100, qualifier: 'between' as const, coverage: 0 };
    return { ...nothing, weightBasis, missingCount: 0, unweightedCount: 0 };
  }
  return {
    percent: rollUp.percent === null ? null : shownPercent(rollUp.percent),
    low: shownPercent(rollUp.low),
    high: shownPercent(rollUp.high),
    qualifier: computedQualifier(rollUp),
    coverage: shownShare(rollUp.coverage),
    weightBasis,
    missingCount: rollUp.silent,
    unweightedCount: rollUp.unweighted,
  };
}

export function rowShapeOf(named: NamedProject): Static<typeof PortfolioRow> {
  const { row, planned, gap, silentDays } = named;
  const { standing } = row;
  return {
    projectId: row.id,
    title: named.title,
    organizationId: row.organizationId,
    status: row.status,
    light: row.light === 'none' ? null : row.light,
    percent: standing.percent === null ? null : shownPercent(standing.percent),
    low: shownPercent(standing.low),
    high: shownPercent(standing.high),
    qualifier: computedQualifier(standing),
    planned: planned === null ? null : shownPercent(planned),
    gap: gap === null ? null : numberFromHundredths(gap),
    silentDays,
  };
}

function comparisonShapeOf(
  comparison: Comparison,
  percentNow: number | null,
  weightBasis: string,
): Static<typeof PortfolioComparison> {
  const { asOf, counted, moved, movedCount, newlyRed, newlyRedCount, pushed } = comparison;
  const before = rollUpShapeOf(counted, weightBasis);
  const isKnown = percentNow !== null && before.percent !== null;
  return {
    ...{ asOf, byLight: counted.byLight, rollUp: before },
    points: isKnown ? Math.round((percentNow - (before.percent ?? 0)) * 100) / 100 : null,
    moved: moved.map(movedShapeOf),
    ...{ movedCount, newlyRed, newlyRedCount, pushed },
  };
}

function movedShapeOf({ from, to, points, ...moved }: Moved): Static<typeof MovedProject> {
  const shown = (hundredths: number | null) =>
    hundredths === null ? null : numberFromHundredths(hundredths);
  return {
    projectId: moved.projectId,
    from: shown(from),
    to: shown(to),
    points: shown(points),
    lightBefore: moved.lightBefore === 'none' ? null : moved.lightBefore,
    light: moved.light === 'none' ? null : moved.light,
  };
}
