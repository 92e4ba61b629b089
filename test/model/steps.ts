import fc from 'fast-check';
import type { Rules } from './history.ts';

/** What is said of a project and a day. Days are counted from the one on which the projects were made. */
export interface ReportStep {
  project: number;
  day: number;
  percent: number | null;
  qualifier: string;
  /** How much is done of which quantity. */
  done: Record<string, number>;
  spent: number | null;
  reason: boolean;
}

/** What is said of one of a project's milestones; of one that is met, by which day it was, and whether that is the day. */
export interface MilestoneStep {
  project: number;
  milestone: number;
  weight: number | null;
  status: 'scheduled' | 'met' | 'notMet' | 'partiallyMet';
  day: number;
  isDayKnown: boolean;
}

/** One thing that somebody does. The rules may refuse it, which is part of the game. */
export type Step =
  | { kind: 'report'; report: ReportStep; by: 'PUT' | 'POST' }
  | { kind: 'batch'; reports: ReportStep[] }
  | { kind: 'withdraw'; project: number; day: number }
  | { kind: 'change'; project: number; change: Change }
  | { kind: 'archive' | 'restore'; project: number }
  | { kind: 'status'; project: number; day: number; status: string }
  | { kind: 'withdrawStatus'; project: number; day: number }
  | { kind: 'plan'; project: number; points: { day: number; percent: number }[] }
  | { kind: 'withdrawPlan'; project: number }
  | { kind: 'rules'; rules: Rules | null }
  | { kind: 'milestone'; milestone: MilestoneStep }
  | { kind: 'archiveMilestone' | 'restoreMilestone'; project: number; milestone: number };

export interface Change {
  /** The number of another project; null for none. */
  parent?: number | null;
  status?: string;
  weight?: number | null;
  weightBasis?: string;
  progressBasis?: string;
  cadence?: string | null;
  budget?: { amount: number; currency: string } | null;
  quantities?: { code: string; value: number; unit: string }[];
  /** Days as those of reports. */
  period?: { start: number | null; end: number | null };
}

/** A step, how long after the one before, and what is asked then besides where everything stands now. */
export interface Move {
  step: Step;
  /** Seconds, above 0, so that no two steps share a moment. */
  after: number;
  ask: { project: number; day: number | null; moment: number | null; offsetMs: number };
}

export const projects = [0, 1, 2, 3, 4, 5, 6];

/** What is counted in each project, the first of them before the others. */
export const quantityCodes = ['households', 'buildings'] as const;

const aProject = fc.constantFrom(...projects);
const aDay = fc.constantFrom(-95, -34, -3, -2, 0, 2);
/** Near enough to each other that every day of a plan is counted. */
const aPlannedDay = fc.constantFrom(-400, -95, -34, -3, 0, 1, 30, 400);
const aPercent = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0, 100, 50, 33.33, 99.99, 0.01) },
  fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
);
const aQualifier = fc.oneof(
  { weight: 3, arbitrary: fc.constant('exact') },
  fc.constantFrom('atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about'),
);

const aReport: fc.Arbitrary<ReportStep> = fc
  .record({
    project: aProject,
    day: aDay,
    percent: fc.option(aPercent, { freq: 5 }),
    qualifier: aQualifier,
    done: fc.dictionary(fc.constantFrom(...quantityCodes), fc.integer({ min: 0, max: 60 }), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    spent: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 1 }),
    reason: fc.boolean(),
  })
  .map((report) => (report.percent === null ? { ...report, qualifier: 'exact' } : report));

const aStatus = fc.constantFrom('implementation', 'cancelled', 'cancelled', 'suspended', 'completion');

const aChange: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(null, 'weekly', 'monthly', 'none').map((cadence) => ({ cadence })),
  { weight: 3, arbitrary: fc.option(aProject, { freq: 6 }).map((parent) => ({ parent })) },
  aStatus.map((status) => ({ status })),
  fc.option(fc.constantFrom(0, 1, 2, 3, 0.5, 0.0001), { freq: 4 }).map((weight) => ({ weight })),
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('equal', 'weight', 'budget', 'quantity:households', 'quantity:buildings')
      .map((weightBasis) => ({ weightBasis })),
  },
  fc
    .constantFrom('auto', 'report', 'children', 'quantities', 'milestones')
    .map((progressBasis) => ({ progressBasis })),
  fc
    .option(
      fc.record({
        amount: fc.constantFrom(0, 1, 2.5, 1_290_000_000),
        currency: fc.constantFrom('CNY', 'CNY', 'USD'),
      }),
      { freq: 4 },
    )
    .map((budget) => ({ budget })),
  fc
    .uniqueArray(
      fc.record({
        code: fc.constantFrom(...quantityCodes),
        value: fc.constantFrom(0, 3, 7, 50, 563),
        unit: fc.constantFrom('户', '户', '栋'),
      }),
      { maxLength: 2, selector: ({ code }) => code },
    )
    .map((quantities) => ({ quantities })),
  {
    weight: 2,
    arbitrary: fc
      .record({ start: fc.option(aPlannedDay, { freq: 5 }), end: fc.option(aPlannedDay, { freq: 5 }) })
      .map((period) => ({ period })),
  },
);

/** Rarely one that falls or goes back, which is refused. */
const somePoints = fc
  .array(fc.record({ day: aPlannedDay, percent: aPercent }), { minLength: 2, maxLength: 4 })
  .map((points) => {
    const percents = points.map(({ percent }) => percent).sort((a, b) => a - b);
    const days = points.map(({ day }) => day).sort((a, b) => a - b);
    return days.map((day, index) => ({ day, percent: percents[index] ?? 0 }));
  });

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      report: aReport,
      by: fc.constantFrom('PUT', 'PUT', 'POST'),
    }),
  },
  fc.record({
    kind: fc.constant('batch' as const),
    reports: fc.array(aReport, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('withdraw' as const), project: aProject, day: aDay }),
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('change' as const), project: aProject, change: aChange }),
  },
  fc.record({ kind: fc.constantFrom('archive' as const, 'restore' as const), project: aProject }),
  fc.record({ kind: fc.constant('status' as const), project: aProject, day: aDay, status: aStatus }),
  fc.record({ kind: fc.constant('withdrawStatus' as const), project: aProject, day: aDay }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('plan' as const), project: aProject, points: somePoints }),
  },
  fc.record({ kind: fc.constant('withdrawPlan' as const), project: aProject }),
  fc.record({
    kind: fc.constant('rules' as const),
    rules: fc.option(
      fc
        .record({
          yellowBehind: fc.constantFrom(0, 0.01, 10, 50),
          redBehind: fc.constantFrom(0, 0.01, 30, 50),
          silentAfterDays: fc.constantFrom(1, 3, 40),
        })
        .filter(({ yellowBehind, redBehind }) => yellowBehind <= redBehind),
      { freq: 4 },
    ),
  }),
);

const aMilestoneNumber = fc.constantFrom(0, 1, 2);

const aMilestoneStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        project: aProject,
        milestone: aMilestoneNumber,
        weight: fc.option(fc.constantFrom(0, 1, 2, 30, 0.0001), { freq: 5 }),
        status: fc.constantFrom('met', 'met', 'partiallyMet', 'scheduled', 'notMet'),
        day: aDay,
        isDayKnown: fc.boolean(),
      })
      .map((milestone) => ({ kind: 'milestone' as const, milestone })),
  },
  fc.record({
    kind: fc.constantFrom('archiveMilestone' as const, 'restoreMilestone' as const),
    project: aProject,
    milestone: aMilestoneNumber,
  }),
);

const aMove: fc.Arbitrary<Move> = fc.record({
  step: fc.oneof({ weight: 4, arbitrary: aStep }, aMilestoneStep),
  after: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.constantFrom(60, 86_400, 200_000)),
  ask: fc.record({
    project: aProject,
    day: fc.option(aDay),
    moment: fc.option(fc.nat(1_000), { freq: 3 }),
    offsetMs: fc.constantFrom(0, 0, -1, 1),
  }),
});

export const someMoves = fc.array(aMove, { minLength: 1, maxLength: 40 });
