import { type Static, Type } from '@sinclair/typebox';
import {
  MoneyFigureInput,
  MoneyFigurePatch,
  MoneyFigureShape,
  moneyFigureInput,
} from '../../http/money-figures.ts';
import { assertSameId } from '../../http/resource.ts';
import {
  CalendarDay,
  Citation,
  closed,
  nullable,
  oneOf,
  pageOf,
  ref,
  Slug,
  stamps,
  Text,
  WebAddress,
} from '../../http/schemas.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { type Agreement, type Amendment, agreementTypes } from './agreement.ts';
import { ModificationShape, modificationShapeOf } from './amendment-schemas.ts';
import { isSignedOn, modificationsOn, type SentAgreement, termsOn } from './rules.ts';
import { figureOf, valueFrom, valueShapeOf } from './value.ts';

export * from './amendment-schemas.ts';

const id = Slug('Unique within the project.', 'framework');
const Reason = Text(2000, { minLength: 1, description: 'Why what is written here changes.' });

const facts = {
  type: oneOf(agreementTypes),
  title: Text(200, { minLength: 1, description: 'What it is called.', examples: ['框架协议'] }),
  signedOn: nullable(CalendarDay('The day on which it was signed; null: not known.')),
  signedByDay: CalendarDay('Where that day is unknown: the day by which it surely was. Left out: today.'),
  effectiveOn: nullable(CalendarDay('The first day on which it holds, as signed.')),
  endsOn: nullable(CalendarDay('The last day on which it holds, as signed.', '2026-06-30')),
  partyIds: Type.Array(Slug('A party of the project.', 'xianghejian'), {
    maxItems: 50,
    uniqueItems: true,
    description: 'Who has signed it: parties of the project that are in use.',
  }),
  documentUrl: nullable(WebAddress('Where its text is to be read.')),
  note: nullable(Text(10_000, { description: 'Anything worth telling.' })),
};

// The paper says that it was signed, and by whom; neither on which day nor what it is worth.
const example = {
  type: 'framework',
  title: '框架协议',
  signedByDay: '2023-06-30',
  partyIds: ['xianghejian'],
};

const signed = {
  projectId: Type.String(),
  id,
  ...facts,
  value: nullable(ref(MoneyFigureShape), { description: 'What it is worth, as signed.' }),
  citation: nullable(ref(Citation)),
  reason: nullable(Type.String(), { description: 'Why this revision was made.' }),
  recordedBy: Type.String({ description: 'The name of the token that told.' }),
  ...stamps,
};

const signedExample = {
  projectId: 'xianghejian-urban-renewal',
  id: 'framework',
  ...example,
  signedOn: null,
  effectiveOn: null,
  endsOn: null,
  documentUrl: null,
  note: null,
  value: null,
  citation: null,
  reason: null,
  recordedBy: 'clerk',
  revision: 1,
  createdAt: '2023-07-03T01:02:03.004Z',
  updatedAt: '2023-07-03T01:02:03.004Z',
  archivedAt: null,
};

const TermsShape = closed({
  effectiveOn: nullable(CalendarDay('The first day on which it holds.')),
  endsOn: nullable(CalendarDay('The last day on which it holds.', '2026-06-30')),
  value: nullable(ref(MoneyFigureShape)),
  documentUrl: nullable(Type.String()),
});

export const AgreementShape = closed(
  {
    ...signed,
    terms: nullable(TermsShape, {
      description:
        'What is agreed today, or on `asOf`: what was signed, with the amendments up to that day folded over it. Null: it was not signed by then, as far as is known.',
    }),
    amendments: Type.Array(ModificationShape, {
      description:
        'What its parties changed up to that day, the first amendment first (OC4IDS: modifications).',
    }),
  },
  {
    $id: 'Agreement',
    description: 'What the parties to a project have signed. Its own fields are as it was signed.',
    examples: [
      {
        ...signedExample,
        terms: { effectiveOn: null, endsOn: null, value: null, documentUrl: null },
        amendments: [],
      },
    ],
  },
);

export const AgreementRevision = closed(signed, {
  $id: 'AgreementRevision',
  description: 'What was written down of an agreement as it was signed, until it was written otherwise.',
  examples: [signedExample],
});

export const AgreementRevisions = closed(
  { items: Type.Array(ref(AgreementRevision)) },
  { $id: 'AgreementRevisions', description: 'Every revision, the newest first.' },
);

export const AgreementPage = pageOf(AgreementShape, 'AgreementPage');

const optionalFacts = {
  signedOn: Type.Optional(facts.signedOn),
  signedByDay: Type.Optional(nullable(facts.signedByDay)),
  effectiveOn: Type.Optional(facts.effectiveOn),
  endsOn: Type.Optional(facts.endsOn),
  partyIds: Type.Optional(facts.partyIds),
  documentUrl: Type.Optional(facts.documentUrl),
  note: Type.Optional(facts.note),
  citation: Type.Optional(nullable(ref(Citation))),
  reason: Type.Optional(nullable(Reason)),
};

export const AgreementInput = closed(
  {
    id: Type.Optional(id),
    type: facts.type,
    title: facts.title,
    ...optionalFacts,
    value: Type.Optional(nullable(ref(MoneyFigureInput))),
  },
  {
    $id: 'AgreementInput',
    description:
      'An agreement as it was signed; what is left out is not known. What its parties change later is an amendment.',
    examples: [example],
  },
);

export const AgreementPatch = closed(
  {
    type: Type.Optional(facts.type),
    title: Type.Optional(facts.title),
    ...optionalFacts,
    partyIds: Type.Optional(nullable(facts.partyIds)),
    value: Type.Optional(nullable(MoneyFigurePatch)),
  },
  {
    $id: 'AgreementPatch',
    minProperties: 1,
    description: 'A JSON Merge Patch: only what was written down wrongly; null removes.',
    examples: [{ signedOn: '2023-06-20' }],
  },
);

/**
 * What a body says, with what was left out filled in, and the reason.
 * @param pathId the id in the path, with which one in the body must agree
 * @throws JinduError `validation_failed`, `stated_unreadable`
 */
export function saidIn(
  body: Static<typeof AgreementInput>,
  pathId?: string,
): { sent: SentAgreement; reason: string | null } {
  if (pathId !== undefined) assertSameId(body.id, pathId);
  return {
    sent: {
      type: body.type,
      title: body.title,
      signedOn: body.signedOn ?? null,
      signedByDay: body.signedByDay ?? null,
      effectiveOn: body.effectiveOn ?? null,
      endsOn: body.endsOn ?? null,
      partyIds: body.partyIds ?? [],
      ...valueFrom(body.value),
      documentUrl: body.documentUrl ?? null,
      note: body.note ?? null,
      citation: wholeCitation(body.citation),
    },
    reason: body.reason ?? null,
  };
}

/**
 * The body that would say what is written down of an agreement: what a patch is applied to. Its reason was that of another
 * change, and by which day it was signed follows from the day where the patch changes that one.
 */
export function inputOf(
  agreement: Agreement,
  patch: Static<typeof AgreementPatch>,
): Static<typeof AgreementInput> {
  const { type, title, signedOn, signedByDay, effectiveOn, endsOn } = agreement;
  const { partyIds, documentUrl, note, citation } = agreement;
  const changesDay = 'signedOn' in patch && patch.signedOn !== signedOn;
  return {
    ...{ type, title, signedOn, effectiveOn, endsOn, partyIds, documentUrl, note, citation },
    ...(changesDay ? {} : { signedByDay }),
    value: moneyFigureInput(figureOf(agreement), patch.value),
  };
}

/** An agreement with what was made of it by a day, as clients see it. */
export function shapeOf(
  { agreement, amendments }: { agreement: Agreement; amendments: readonly Amendment[] },
  day: CalendarDate,
): Static<typeof AgreementShape> {
  const { effectiveOn, endsOn, documentUrl, ...value } = termsOn(agreement, amendments, day);
  const terms = { effectiveOn, endsOn, value: valueShapeOf(value), documentUrl };
  return {
    ...revisionShapeOf(agreement),
    terms: isSignedOn(agreement, day) ? terms : null,
    amendments: modificationsOn(agreement, amendments, day).map(modificationShapeOf),
  };
}

/** What is written down of an agreement as it was signed, as clients see it. */
export function revisionShapeOf(agreement: Agreement): Static<typeof AgreementRevision> {
  return {
    projectId: agreement.projectId,
    id: agreement.id,
    type: agreement.type,
    title: agreement.title,
    signedOn: agreement.signedOn,
    signedByDay: agreement.signedByDay,
    effectiveOn: agreement.effectiveOn,
    endsOn: agreement.endsOn,
    partyIds: agreement.partyIds,
    documentUrl: agreement.documentUrl,
    note: agreement.note,
    value: valueShapeOf(agreement),
    citation: agreement.citation,
    reason: agreement.reason,
    recordedBy: agreement.recordedBy,
    revision: agreement.revision,
    createdAt: agreement.createdAt,
    updatedAt: agreement.recordedAt,
    archivedAt: agreement.archivedAt,
  };
}
