import { type Static, Type } from '@sinclair/typebox';
import { CalendarDay, closed, Moment, nullable, PercentNumber, ref, Text } from '../../http/schemas.ts';
import { hundredthsFromNumber, numberFromHundredths } from '../../shared/percent.ts';
import type { Plan, PlanFacts } from './plan.ts';

export const PlanPointShape = closed(
  {
    date: CalendarDay('The day by whose end so much is to be done. A first point at 0 is where work begins.'),
    percent: PercentNumber('At most two decimals, and never below the point before.', 60),
  },
  { $id: 'PlanPoint' },
);

const Points = Type.Array(ref(PlanPointShape), {
  minItems: 2,
  maxItems: 1000,
  description: 'Strictly by date. Between two points the plan is a straight line.',
});
const Note = Text(10_000, { description: 'Anything worth telling.' });
export const Reason = Text(2000, { description: 'Why the plan was changed or withdrawn.' });

// What is planned for the reference project was never published: these points are made up.
const points = [
  { date: '2023-01-01', percent: 0 },
  { date: '2023-06-30', percent: 80 },
  { date: '2023-12-31', percent: 100 },
];

export const PlanInput = closed(
  {
    points: Points,
    note: Type.Optional(nullable(Note)),
    reason: Type.Optional(nullable(Reason)),
  },
  {
    $id: 'PlanInput',
    description: 'How a project is to progress.',
    examples: [{ points, note: 'Illustrative: no plan was published.' }],
  },
);

export const PlanShape = closed(
  {
    projectId: Type.String(),
    points: Type.Array(ref(PlanPointShape)),
    note: nullable(Note),
    reason: nullable(Reason),
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    supersededAt: nullable(
      Moment('When the next revision took its place; null for the current one.', '2023-08-01T01:02:03.004Z'),
    ),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'Plan',
    description: 'The baseline of a project: how much is to be done by when.',
    examples: [
      {
        projectId: 'yueping-estate-renovation',
        points,
        note: 'Illustrative: no plan was published.',
        reason: null,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        supersededAt: null,
        withdrawn: false,
      },
    ],
  },
);

export const PlanRevisions = closed(
  { items: Type.Array(ref(PlanShape)) },
  { $id: 'PlanRevisions', description: 'Every revision, the newest first.' },
);

/** The facts in a body. */
export function factsFrom(body: Static<typeof PlanInput>): PlanFacts {
  return {
    points: body.points.map(({ date, percent }) => ({
      date,
      percentHundredths: hundredthsFromNumber(percent) ?? 0,
    })),
    note: body.note ?? null,
    reason: body.reason || null,
  };
}

/** The plan as clients see it. */
export function shapeOf(plan: Plan): Static<typeof PlanShape> {
  return {
    projectId: plan.projectId,
    points: plan.points.map(({ date, percentHundredths }) => ({
      date,
      percent: numberFromHundredths(percentHundredths),
    })),
    note: plan.note,
    reason: plan.reason,
    revision: plan.revision,
    recordedAt: plan.recordedAt,
    recordedBy: plan.recordedBy,
    supersededAt: plan.supersededAt,
    withdrawn: plan.withdrawn,
  };
}
