import { type Static, Type } from '@sinclair/typebox';
import { MoneyFigureInput, MoneyFigureShape } from '../../http/money-figures.ts';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  nullable,
  oneOf,
  pageOf,
  ref,
  Text,
  WebAddress,
} from '../../http/schemas.ts';
import { wholeCitation } from '../../shared/citation.ts';
import {
  type Amendment,
  type AmendmentFacts,
  type Modification,
  modificationTypes,
  type Terms,
} from './agreement.ts';
import { typesOf } from './rules.ts';
import { valueFrom, valueShapeOf } from './value.ts';

export const AmendmentReason = Text(2000, {
  minLength: 1,
  description: 'Why the record of it was corrected, or taken back.',
});

const facts = {
  rationale: Text(10_000, {
    minLength: 1,
    description: 'Why the parties changed what they had agreed.',
    examples: ['施工场地移交推迟'],
  }),
  scope: nullable(Text(10_000, { description: 'What is now agreed otherwise than in time and value.' })),
  effectiveOn: nullable(CalendarDay('The first day on which the agreement holds, if that is changed.')),
  endsOn: nullable(
    CalendarDay('The last day on which the agreement holds, if that is changed.', '2026-12-31'),
  ),
  documentUrl: nullable(WebAddress('Where the text that holds from now on is to be read.')),
};

const types = Type.Array(oneOf(modificationTypes), {
  description: 'What it speaks of (OC4IDS); none where no more than its rationale is known.',
});

// No agreement of 天马山街道 is known to have been amended: this one is made up.
const example = { rationale: '示例：施工场地移交推迟。 Illustrative.', endsOn: '2026-12-31' };

export const AmendmentInput = closed(
  {
    rationale: facts.rationale,
    scope: Type.Optional(facts.scope),
    effectiveOn: Type.Optional(facts.effectiveOn),
    endsOn: Type.Optional(facts.endsOn),
    value: Type.Optional(
      nullable(ref(MoneyFigureInput), { description: 'What it is worth in all, if that is changed.' }),
    ),
    documentUrl: Type.Optional(facts.documentUrl),
    citation: Type.Optional(nullable(ref(Citation))),
    reason: Type.Optional(nullable(AmendmentReason)),
  },
  {
    $id: 'AmendmentInput',
    description: 'What the parties changed. What is left out, or null, stays as it was agreed.',
    examples: [example],
  },
);

export const AmendmentShape = closed(
  {
    projectId: Type.String(),
    agreementId: Type.String(),
    asOf: CalendarDay('The day from which on it is agreed so.'),
    types,
    ...facts,
    value: nullable(ref(MoneyFigureShape)),
    citation: nullable(ref(Citation)),
    reason: nullable(AmendmentReason),
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'Amendment',
    description: 'What the parties to an agreement changed as of one day.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        agreementId: 'framework',
        asOf: '2023-06-30',
        types: ['duration'],
        ...example,
        scope: null,
        effectiveOn: null,
        documentUrl: null,
        value: null,
        citation: null,
        reason: null,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        withdrawn: false,
      },
    ],
  },
);

export const AmendmentPage = pageOf(AmendmentShape, 'AmendmentPage');

export const AmendmentRevisions = closed(
  { items: Type.Array(ref(AmendmentShape)) },
  { $id: 'AmendmentRevisions', description: 'Every revision, the newest first.' },
);

const Period = (description: string) =>
  nullable(
    closed({
      startDate: nullable(CalendarDay('The first day.')),
      endDate: nullable(CalendarDay('The last day.')),
    }),
    { description },
  );

export const ModificationShape = closed({
  asOf: CalendarDay('The day from which on it is agreed so.'),
  types,
  rationale: facts.rationale,
  scope: facts.scope,
  oldValue: nullable(ref(MoneyFigureShape), {
    description: 'What it was worth until then; null: the amendment does not speak of it, or nobody said.',
  }),
  newValue: nullable(ref(MoneyFigureShape)),
  oldPeriod: Period('From when to when it held until then; null: the amendment does not speak of it.'),
  newPeriod: Period('From when to when it holds since.'),
  documentUrl: facts.documentUrl,
  revision: Type.Integer({ minimum: 1 }),
});

/** The facts in a body. */
export function amendmentFactsFrom(body: Static<typeof AmendmentInput>): AmendmentFacts {
  return {
    rationale: body.rationale,
    scope: body.scope ?? null,
    effectiveOn: body.effectiveOn ?? null,
    endsOn: body.endsOn ?? null,
    ...valueFrom(body.value),
    documentUrl: body.documentUrl ?? null,
    reason: body.reason ?? null,
    citation: wholeCitation(body.citation),
  };
}

/** The amendment as clients see it. */
export function amendmentShapeOf(amendment: Amendment): Static<typeof AmendmentShape> {
  return {
    projectId: amendment.projectId,
    agreementId: amendment.agreementId,
    asOf: amendment.asOf,
    types: typesOf(amendment),
    rationale: amendment.rationale,
    scope: amendment.scope,
    effectiveOn: amendment.effectiveOn,
    endsOn: amendment.endsOn,
    documentUrl: amendment.documentUrl,
    value: valueShapeOf(amendment),
    citation: amendment.citation,
    reason: amendment.reason,
    revision: amendment.revision,
    recordedAt: amendment.recordedAt,
    recordedBy: amendment.recordedBy,
    withdrawn: amendment.withdrawn,
  };
}

/** An amendment with what it changed, as clients see it in its agreement. */
export function modificationShapeOf({
  amendment,
  before,
  after,
}: Modification): Static<typeof ModificationShape> {
  const types = typesOf(amendment);
  const speaksOfValue = types.includes('value');
  const speaksOfDuration = types.includes('duration');
  return {
    asOf: amendment.asOf,
    types,
    rationale: amendment.rationale,
    scope: amendment.scope,
    oldValue: speaksOfValue ? valueShapeOf(before) : null,
    newValue: speaksOfValue ? valueShapeOf(after) : null,
    oldPeriod: speaksOfDuration ? periodOf(before) : null,
    newPeriod: speaksOfDuration ? periodOf(after) : null,
    documentUrl: amendment.documentUrl,
    revision: amendment.revision,
  };
}

function periodOf({ effectiveOn, endsOn }: Terms) {
  return { startDate: effectiveOn, endDate: endsOn };
}
