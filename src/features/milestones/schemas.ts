import { type Static, Type } from '@sinclair/typebox';
import { overdueDays, slippedDays } from '../../formulas/milestone-slip.ts';
import { assertSameId } from '../../http/resource.ts';
import {
  CalendarDay,
  closed,
  Moment,
  MoneyValue,
  minorOf,
  nullable,
  oneOf,
  pageOf,
  ref,
  Slug,
  stamps,
  Text,
} from '../../http/schemas.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { scale, scaled } from '../projects/index.ts';
import {
  type DatedMilestone,
  type Milestone,
  type MilestoneFacts,
  milestoneStatuses,
  milestoneTypes,
} from './milestone.ts';
import { isMetOn } from './rules.ts';
import type { MilestoneTemplate } from './templates.ts';

const id = Slug('Unique within the project.', 'framework-agreement');
export const Reason = Text(2000, {
  minLength: 1,
  description: 'Why it changes. Needed where a due date is put off or taken away.',
  examples: ['启动资金尚在争取'],
});

const facts = {
  title: Text(200, { minLength: 1, description: 'What it is called.', examples: ['框架协议签订'] }),
  type: nullable(oneOf(milestoneTypes), { description: 'OC4IDS.' }),
  code: nullable(
    Text(80, {
      minLength: 1,
      description:
        'OC4IDS: `projectApproval`, `commercialClose`, `financialClose`, `commencement`, `completion` and others; an open list.',
      examples: ['commencement'],
    }),
  ),
  description: nullable(Text(10_000)),
  dueDate: nullable(CalendarDay('The day on which it is due; null: nobody said.', '2023-12-31')),
  status: oneOf(milestoneStatuses, { description: 'OC4IDS.' }),
  dateMet: nullable(CalendarDay('The day on which it was met; null: not met, or the day is unknown.')),
  metBy: nullable(
    CalendarDay(
      'Where that day is unknown, or it is met in part: the day by which it surely was. Left out: today.',
    ),
  ),
  weight: nullable(
    Type.Number({
      minimum: 0,
      maximum: 900_000_000,
      multipleOf: 0.0001,
      description:
        'Its share of the whole. Weights need not add up to 100; null does not count toward progress.',
      examples: [15],
    }),
  ),
  value: nullable(ref(MoneyValue)),
};

const example = {
  title: '框架协议签订',
  type: 'contractClose',
  status: 'met',
  metBy: '2023-06-30',
  weight: 15,
};

const DueDate = closed({
  dueDate: nullable(CalendarDay('The due date; null: it was taken away.')),
  changedAt: Moment('Since when it was what we knew.'),
  reason: nullable(Type.String()),
});

export const MilestoneShape = closed(
  {
    projectId: Type.String(),
    id,
    ...facts,
    value: nullable(closed({ amount: Type.Number(), currency: Type.String() }), {
      description: 'What is paid or gained with it.',
    }),
    dueDateHistory: Type.Array(DueDate, {
      description: 'The due dates that it has had, the first one first.',
    }),
    slippedDays: nullable(
      Type.Integer({
        description:
          'Days from the first due date to the day it was met, or else to the due date now; below 0 is early. Null: no due date, or met on an unknown day.',
      }),
    ),
    overdueDays: nullable(
      Type.Integer({
        minimum: 0,
        description:
          'Days since the due date, today or on `asOf`, if it was not met by then. Null: no due date.',
      }),
    ),
    reason: nullable(Type.String(), { description: 'Why this revision was made.' }),
    recordedBy: Type.String(),
    ...stamps,
  },
  {
    $id: 'Milestone',
    description: 'An event of a project with a due date and a day on which it was met (OC4IDS).',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        id: 'framework-agreement',
        ...example,
        code: null,
        description: null,
        dueDate: null,
        dateMet: null,
        value: null,
        dueDateHistory: [],
        slippedDays: null,
        overdueDays: null,
        reason: null,
        recordedBy: 'clerk',
        revision: 1,
        createdAt: '2023-07-03T01:02:03.004Z',
        updatedAt: '2023-07-03T01:02:03.004Z',
        archivedAt: null,
      },
    ],
  },
);

const optionalFacts = {
  type: Type.Optional(facts.type),
  code: Type.Optional(facts.code),
  description: Type.Optional(facts.description),
  dueDate: Type.Optional(facts.dueDate),
  status: Type.Optional(facts.status),
  dateMet: Type.Optional(facts.dateMet),
  metBy: Type.Optional(facts.metBy),
  weight: Type.Optional(facts.weight),
  value: Type.Optional(facts.value),
  reason: Type.Optional(nullable(Reason)),
};

export const MilestoneInput = closed(
  { id: Type.Optional(id), title: facts.title, ...optionalFacts },
  {
    $id: 'MilestoneInput',
    description:
      'What is said of a milestone. What is left out is unknown; the status is then `met` where there is a day on which it was met, else `scheduled`.',
    examples: [example],
  },
);

export const MilestonePatch = closed(
  {
    title: Type.Optional(facts.title),
    ...optionalFacts,
    status: Type.Optional(nullable(facts.status)),
    value: Type.Optional(
      nullable(
        closed({
          amount: Type.Optional(MoneyValue.properties.amount),
          currency: Type.Optional(MoneyValue.properties.currency),
        }),
      ),
    ),
  },
  {
    $id: 'MilestonePatch',
    minProperties: 1,
    description:
      'A JSON Merge Patch: only what changes; null removes. Of what is met, a status that is not takes the day away with it.',
    examples: [{ dueDate: '2023-12-31', reason: '启动资金尚在争取' }],
  },
);

export const MilestonePage = pageOf(MilestoneShape, 'MilestonePage');

export const MilestoneRevisions = closed(
  { items: Type.Array(ref(MilestoneShape)) },
  { $id: 'MilestoneRevisions', description: 'Every revision, the newest first.' },
);

export const TemplateOutcome = closed(
  {
    items: Type.Array(ref(MilestoneShape), {
      description: 'The template’s milestones as the project has them.',
    }),
    created: Type.Array(Type.String(), { description: 'The ids of those that were not there before.' }),
  },
  { $id: 'MilestoneTemplateOutcome', description: 'What a template came to.' },
);

export const TemplateShape = closed(
  {
    id: Slug('What `?template=` names.', 'deal'),
    title: Type.String(),
    translations: Type.Record(Type.String(), closed({ title: Type.String() })),
    description: Type.String(),
    milestones: Type.Array(
      closed({
        id: Type.String(),
        title: Type.String(),
        translations: Type.Record(Type.String(), closed({ title: Type.String() })),
        type: oneOf(milestoneTypes),
        code: nullable(Type.String()),
        weight: Type.Number({ description: 'A proposal, published nowhere.' }),
      }),
    ),
  },
  { $id: 'MilestoneTemplate', description: 'Milestones that projects of a kind have in common.' },
);

export const TemplateList = closed(
  { items: Type.Array(ref(TemplateShape)) },
  { $id: 'MilestoneTemplateList' },
);

/**
 * The facts in a body, with what was left out filled in, and the reason.
 * @param pathId the id in the path, with which one in the body must agree
 * @throws JinduError `validation_failed`
 */
export function saidIn(
  body: Static<typeof MilestoneInput>,
  pathId?: string,
): { facts: MilestoneFacts; reason: string | null } {
  if (pathId !== undefined) assertSameId(body.id, pathId);
  const dateMet = body.dateMet ?? null;
  return {
    facts: {
      title: body.title,
      type: body.type ?? null,
      code: body.code ?? null,
      description: body.description ?? null,
      dueDate: body.dueDate ?? null,
      status: body.status ?? (dateMet === null ? 'scheduled' : 'met'),
      dateMet,
      metBy: body.metBy ?? null,
      weightScaled: body.weight === null || body.weight === undefined ? null : scaled(body.weight),
      valueMinor: minorOf(body.value ?? null, '/value'),
      valueCurrency: body.value?.currency ?? null,
    },
    reason: body.reason ?? null,
  };
}

/**
 * The body that would say what the milestone's facts are: what a patch is applied to. Its reason was that of another
 * change. What follows from a field that the patch changes is left out of it: a status from the day, a day from the
 * status.
 */
export function inputOf(
  milestone: Milestone,
  patch: Static<typeof MilestonePatch>,
): Static<typeof MilestoneInput> {
  const { title, type, code, description, dueDate, status, dateMet, metBy, weightScaled } = milestone;
  const changesStatus = 'status' in patch && patch.status !== status;
  const changesDay = 'dateMet' in patch && patch.dateMet !== dateMet;
  return {
    ...{ title, type, code, description, dueDate },
    ...(changesDay && !('status' in patch) ? {} : { status }),
    ...(changesStatus ? {} : { dateMet }),
    ...(changesStatus || changesDay ? {} : { metBy }),
    weight: weightScaled === null ? null : weightScaled / scale,
    value: moneyOf(milestone),
  };
}

/** The milestone as clients see it, overdue or not as of a day. */
export function shapeOf(
  { milestone, dueDates }: DatedMilestone,
  asOf: CalendarDate,
): Static<typeof MilestoneShape> {
  const { weightScaled, status } = milestone;
  return {
    projectId: milestone.projectId,
    id: milestone.id,
    title: milestone.title,
    type: milestone.type,
    code: milestone.code,
    description: milestone.description,
    dueDate: milestone.dueDate,
    status,
    dateMet: milestone.dateMet,
    metBy: milestone.metBy,
    weight: weightScaled === null ? null : weightScaled / scale,
    value: moneyOf(milestone),
    dueDateHistory: dueDates.map(({ dueDate, changedAt, reason }) => ({ dueDate, changedAt, reason })),
    slippedDays: slippedDays({ ...milestone, isMet: status === 'met' }),
    overdueDays: overdueDays({ dueDate: milestone.dueDate, isMet: isMetOn(milestone, asOf) }, asOf),
    reason: milestone.reason,
    recordedBy: milestone.recordedBy,
    revision: milestone.revision,
    createdAt: milestone.createdAt,
    updatedAt: milestone.recordedAt,
    archivedAt: milestone.archivedAt,
  };
}

function moneyOf({ valueMinor, valueCurrency }: Milestone): { amount: number; currency: string } | null {
  if (valueMinor === null || valueCurrency === null) return null;
  return { amount: amountFromMinor(valueMinor, valueCurrency), currency: valueCurrency };
}

export function templateShapeOf(template: MilestoneTemplate): Static<typeof TemplateShape> {
  return {
    id: template.id,
    title: template.title,
    translations: { en: { title: template.english } },
    description: template.description,
    milestones: template.milestones.map(({ english, ...milestone }) => ({
      ...milestone,
      translations: { en: { title: english } },
    })),
  };
}
