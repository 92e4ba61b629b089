import { type Static, Type } from '@sinclair/typebox';
import { assertSameId } from '../../http/resource.ts';
import {
  CalendarDay,
  Citation,
  closed,
  nullable,
  pageOf,
  ref,
  Slug,
  stamps,
  Text,
} from '../../http/schemas.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { fieldError, JinduError } from '../../shared/errors.ts';
import {
  Currency,
  citationShape,
  exampleCitation,
  exampleMoney,
  Note,
  Reason,
  Since,
  Status,
  StatusTotalShape,
} from './amount-schemas.ts';
import type { FoundLine, Funding, FundingStatus, SaidOfLine, SaidWithLine } from './funding.ts';
import { inForceOn, type StatusTotal, statusOn, totalsOn } from './rules.ts';
import { assertCurrency, moneyFields, moneyShapeOf, saidMoneyFields, saidMoneyOf } from './said-money.ts';

export * from './amount-schemas.ts';
export { FundingTotals, MoneySumShape } from './totals-schemas.ts';

const id = Slug('Unique within the project.', 'start-up');
const facts = {
  title: Text(200, { minLength: 1, description: 'What it is called.', examples: ['项目启动资金'] }),
  purpose: nullable(Text(2000, { description: 'What the money is for.' })),
  currency: Currency,
  sourceOrganizationId: nullable(
    Slug('Who gives it: one of the organizations, which may be an outside party.', 'xianghejian'),
  ),
  sourceName: nullable(
    Text(200, { minLength: 1, description: 'Who gives it, where that is none of the organizations.' }),
  ),
  note: nullable(Note),
};

const byStatus = (description: string) => nullable(ref(StatusTotalShape), { description });

const made = { reason: nullable(Type.String()), recordedBy: Type.String(), ...stamps };

const exampleFacts = {
  title: '项目启动资金',
  purpose: null,
  currency: 'CNY',
  sourceOrganizationId: null,
  sourceName: null,
  note: null,
};
const exampleMade = {
  reason: null,
  recordedBy: 'clerk',
  revision: 1,
  createdAt: '2023-07-03T01:02:03.004Z',
  updatedAt: '2023-07-03T01:02:03.004Z',
  archivedAt: null,
};
export const FundingShape = closed(
  {
    projectId: Type.String(),
    id,
    ...facts,
    status: nullable(Status, {
      description: 'The farthest that is said by the day asked about; null: nothing is said.',
    }),
    ...moneyFields,
    asOf: nullable(CalendarDay('The day that the amount speaks of.')),
    statusDates: closed(
      {
        sought: nullable(CalendarDay('Since when it is sought.')),
        committed: nullable(CalendarDay('Since when it is committed.')),
        arrived: nullable(CalendarDay('Since when it has arrived.')),
        withdrawn: nullable(CalendarDay('Since when it is taken back.')),
      },
      { description: 'The day on which the line came to each status; null: not known, or not reached.' },
    ),
    totals: closed(
      {
        sought: byStatus('So much was sought in all.'),
        committed: byStatus('So much was committed in all.'),
        arrived: byStatus('So much has arrived in all.'),
        withdrawn: byStatus('So much was taken back in all.'),
      },
      { description: 'How much had come to each status by the day asked about; null: nothing is said.' },
    ),
    citation: citationShape,
    ...made,
  },
  {
    $id: 'Funding',
    description:
      'A line of funding of a project: who gives what money for what, and how far it has come. The amount is that of the status.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        id: 'start-up',
        ...exampleFacts,
        status: 'sought',
        ...exampleMoney,
        asOf: '2023-06-30',
        statusDates: { sought: null, committed: null, arrived: null, withdrawn: null },
        totals: {
          sought: { ...exampleMoney, asOf: '2023-06-30', since: null },
          committed: null,
          arrived: null,
          withdrawn: null,
        },
        citation: exampleCitation,
        ...exampleMade,
      },
    ],
  },
);

const withLine = {
  status: Type.Optional(
    nullable(Status, { description: 'How far it has come; left out: nothing is said of that.' }),
  ),
  ...saidMoneyFields,
  since: Type.Optional(nullable(Since)),
  asOf: Type.Optional(
    nullable(
      CalendarDay('The day that status and amount speak of; left out: `since`, or else today.', '2023-06-30'),
    ),
  ),
};

const optionalFacts = {
  purpose: Type.Optional(facts.purpose),
  currency: Type.Optional(nullable(Currency, { description: 'ISO 4217; CNY unless told.' })),
  sourceOrganizationId: Type.Optional(facts.sourceOrganizationId),
  sourceName: Type.Optional(facts.sourceName),
  note: Type.Optional(facts.note),
  citation: Type.Optional(nullable(ref(Citation))),
  reason: Type.Optional(nullable(Reason)),
};

export const FundingInput = closed(
  { id: Type.Optional(id), title: facts.title, ...optionalFacts, ...withLine },
  {
    $id: 'FundingInput',
    description:
      'What is said of a line of funding. With a `status`, how far it has come and with how much, all in all: an amount is kept for that day where it is not what is said already. What is left out of the amount stays as it was said; null is unknown.',
    examples: [{ title: '项目启动资金', status: 'sought', currency: 'CNY', asOf: '2023-06-30' }],
  },
);

export const FundingPatch = closed(
  { title: Type.Optional(facts.title), ...optionalFacts, ...withLine },
  {
    $id: 'FundingPatch',
    minProperties: 1,
    description: 'A JSON Merge Patch: only what changes; null removes, and of an amount means unknown.',
    examples: [{ status: 'committed', stated: '9000万以上', asOf: '2023-06-30' }],
  },
);

export const FundingPage = pageOf(FundingShape, 'FundingPage');

export const FundingRevision = closed(
  { projectId: Type.String(), id, ...facts, citation: citationShape, ...made },
  {
    $id: 'FundingRevision',
    description: 'What was said of a line itself. Its amounts have revisions of their own.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        id: 'start-up',
        ...exampleFacts,
        citation: exampleCitation,
        ...exampleMade,
      },
    ],
  },
);

export const FundingRevisions = closed(
  { items: Type.Array(ref(FundingRevision)) },
  { $id: 'FundingRevisions', description: 'Every revision, the newest first.' },
);

/**
 * What a body says of a line, and of how far it has come.
 * @param pathId the id in the path, with which one in the body must agree
 * @param patch where the body was made by one: it says what comes from where
 * @throws JinduError `validation_failed`, `unprocessable`, `stated_unreadable`, `currency_mixed`
 */
export function saidIn(
  body: Static<typeof FundingInput>,
  { pathId, patch }: { pathId?: string; patch?: Static<typeof FundingPatch> } = {},
): Omit<SaidOfLine, 'projectId' | 'id'> {
  if (pathId !== undefined) assertSameId(body.id, pathId);
  const { sourceOrganizationId = null, sourceName = null } = body;
  if (sourceOrganizationId !== null && sourceName !== null) {
    throw new JinduError('unprocessable', 'a line of funding has one source', [
      {
        pointer: '/sourceName',
        code: 'contradiction',
        message: 'must be left out with sourceOrganizationId',
      },
    ]);
  }
  const currency = body.currency ?? 'CNY';
  assertCurrency(currency, '/currency');
  // What a patch does not mention was said of something else.
  const citation = wholeCitation(patch === undefined ? body.citation : patch.citation);
  return {
    facts: {
      title: body.title,
      purpose: body.purpose ?? null,
      currency,
      sourceOrganizationId,
      sourceName,
      note: body.note ?? null,
      citation: wholeCitation(body.citation),
    },
    reason: body.reason ?? null,
    amount: amountIn(withUnknowns(body, patch), currency, citation),
  };
}

/** A patch takes away by null, and of an amount that is something to say. */
function withUnknowns(
  body: Static<typeof FundingInput>,
  patch: Static<typeof FundingPatch> = {},
): Static<typeof FundingInput> {
  return {
    ...body,
    ...(patch.amount === null ? { amount: null } : {}),
    ...(patch.since === null ? { since: null } : {}),
  };
}

function amountIn(
  body: Static<typeof FundingInput>,
  currency: string,
  citation: SaidWithLine['citation'],
): SaidWithLine | null {
  const { status = null, amount, stated, qualifier, since, asOf = null } = body;
  const isNothing = (value: unknown) => value === undefined || value === null;
  if (status === null) {
    if ([amount, stated, qualifier, since, asOf].every(isNothing)) return null;
    throw fieldError(
      'validation_failed',
      '/status',
      'required',
      'is required with an amount or a day: say how far the money has come',
    );
  }
  const saysMoney = amount !== undefined || stated !== undefined || !isNothing(qualifier);
  return {
    ...{ status, asOf, citation },
    ...(since === undefined ? {} : { since }),
    ...(saysMoney ? { money: saidMoneyOf(body, currency) } : {}),
  };
}

const amountFields = ['status', 'amount', 'qualifier', 'stated', 'since', 'asOf'] as const;

/**
 * The body that would say what the line is: what a patch is applied to. Of its amount only what the patch means and does
 * not say: the status, and of an amount whose qualifier or words alone are changed, the amount.
 */
export function inputOf(
  { line, amounts }: FoundLine,
  patch: Static<typeof FundingPatch>,
  today: CalendarDate,
): Static<typeof FundingInput> {
  const { title, purpose, currency, sourceOrganizationId, sourceName, note, citation } = line;
  const said = { title, purpose, currency, sourceOrganizationId, sourceName, note, citation };
  if (!amountFields.some((field) => field in patch)) return said;
  const status = patch.status ?? statusOn(amounts, today);
  if (status === null) return said;
  const present = inForceOn(amounts, status, patch.asOf ?? patch.since ?? today);
  const isQualifiedAnew =
    patch.amount === undefined && !patch.stated && ('qualifier' in patch || 'stated' in patch);
  if (!isQualifiedAnew || present === null) return { ...said, status };
  const { amount, qualifier } = moneyShapeOf(present, currency);
  return { ...said, status, amount, qualifier };
}

/** The line as clients see it, with what had come to it by a day. */
export function shapeOf({ line, amounts }: FoundLine, asOf: CalendarDate): Static<typeof FundingShape> {
  const totals = totalsOn(line, amounts, asOf);
  const status = statusOn(amounts, asOf);
  const total = status === null ? null : totals[status];
  const of = <Value>(read: (status: FundingStatus) => Value) => ({
    sought: read('sought'),
    committed: read('committed'),
    arrived: read('arrived'),
    withdrawn: read('withdrawn'),
  });
  return {
    ...revisionShapeOf(line),
    status,
    ...moneyOfTotal(total, line.currency),
    asOf: total?.asOf ?? null,
    statusDates: of((each) => totals[each]?.since ?? null),
    totals: of((each) => {
      const there = totals[each];
      if (there === null) return null;
      return { ...moneyOfTotal(there, line.currency), asOf: there.asOf, since: there.since };
    }),
  };
}

function moneyOfTotal(total: StatusTotal | null, currency: string) {
  const { amountMinor = null, qualifier = null, stated = null } = total ?? {};
  return moneyShapeOf({ amountMinor, qualifier: qualifier ?? 'exact', stated }, currency);
}

/** What was said of the line itself. */
export function revisionShapeOf(line: Funding): Static<typeof FundingRevision> {
  return {
    projectId: line.projectId,
    id: line.id,
    title: line.title,
    purpose: line.purpose,
    currency: line.currency,
    sourceOrganizationId: line.sourceOrganizationId,
    sourceName: line.sourceName,
    note: line.note,
    citation: line.citation,
    reason: line.reason,
    recordedBy: line.recordedBy,
    revision: line.revision,
    createdAt: line.createdAt,
    updatedAt: line.recordedAt,
    archivedAt: line.archivedAt,
  };
}
