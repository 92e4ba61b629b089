import { type Static, Type } from '@sinclair/typebox';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  nullable,
  oneOf,
  pageOf,
  ref,
  Slug,
  stamps,
  Text,
} from '../../http/schemas.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { dealStages, type KnownParty, type Party, type PartyStage, partyRoles } from './party.ts';
import { inStageOn, stageOn, unnamedOn } from './rules.ts';

const id = Slug('Unique within the project.', 'in-talks');
const Note = Text(10_000, { description: 'Anything worth telling.' });
export const Reason = Text(2000, {
  minLength: 1,
  description: 'Why it changes. Needed where a party goes back to a stage.',
});
const Count = Type.Integer({
  minimum: 1,
  maximum: 100_000,
  description: 'How many companies it stands for, where they are not named; all of them, named later or not.',
  examples: [6],
});

const facts = {
  organizationId: nullable(Slug('The organization that it is.', 'xianghejian'), {
    description: 'The organization that it is; null with `name` null too: companies that are not named.',
  }),
  name: nullable(
    Text(200, {
      minLength: 1,
      description: 'Its name, where it is none of our organizations.',
      examples: ['湘核建'],
    }),
  ),
  role: oneOf(partyRoles, { description: 'OC4IDS.', examples: ['interestedParty'] }),
  splitFrom: nullable(Slug('The party of unnamed companies of which it was one.', 'in-talks'), {
    description: 'The party of unnamed companies of which this one was one until it was named.',
  }),
  splitOn: nullable(
    CalendarDay(
      'The day from which it is told apart from them: before, it is one of those that are not named. Left out: the day that is spoken of.',
    ),
  ),
  note: nullable(Note),
};

const stageFacts = {
  stage: oneOf(dealStages, {
    description: 'How far it has come; one that has lapsed has left.',
    examples: ['inTalks'],
  }),
  since: nullable(CalendarDay('The day on which it came to that stage; null: nobody said.', '2023-05-01')),
};

const citation = nullable(
  closed({
    title: nullable(Type.String()),
    url: nullable(Type.String()),
    quote: nullable(Type.String()),
  }),
);

const said = {
  title: '当地报纸关于天马山街道2023年上半年工作的报道',
  url: null,
  quote: null,
};

const revisionExample = {
  projectId: 'xianghejian-urban-renewal',
  id: 'in-talks',
  organizationId: null,
  name: null,
  role: 'interestedParty',
  splitFrom: null,
  splitOn: null,
  note: null,
  citation: said,
  reason: null,
  recordedBy: 'clerk',
  revision: 1,
  createdAt: '2023-07-03T01:02:03.004Z',
  updatedAt: '2023-07-03T01:02:03.004Z',
  archivedAt: null,
};

const revisionShape = {
  projectId: Type.String(),
  id,
  ...facts,
  citation,
  reason: nullable(Type.String(), { description: 'Why this revision was made.' }),
  recordedBy: Type.String(),
  ...stamps,
};

export const PartyRevision = closed(revisionShape, {
  $id: 'PartyRevision',
  description: 'What was said of a party; where it was has a history of its own, its stages.',
  examples: [revisionExample],
});

export const PartyShape = closed(
  {
    ...revisionShape,
    count: nullable(Count, { description: `${Count.description} Null for a party that is named.` }),
    unnamed: nullable(
      Type.Integer({ minimum: 0, description: 'How many of them are still not named on the day.' }),
    ),
    stage: nullable(stageFacts.stage, {
      description: 'How far it has come by the day; null: nobody said.',
    }),
    since: stageFacts.since,
    stageAsOf: nullable(CalendarDay('The day that this was said of.')),
  },
  {
    $id: 'Party',
    description: 'Who takes part in a deal, and how far they have come.',
    examples: [
      {
        ...revisionExample,
        ...{ count: 6, unnamed: 6, stage: 'inTalks', since: null, stageAsOf: '2023-06-30' },
      },
    ],
  },
);

const optionalInput = {
  organizationId: Type.Optional(facts.organizationId),
  name: Type.Optional(facts.name),
  splitFrom: Type.Optional(facts.splitFrom),
  splitOn: Type.Optional(facts.splitOn),
  note: Type.Optional(facts.note),
  citation: Type.Optional(nullable(ref(Citation))),
  count: Type.Optional(nullable(Count)),
  stage: Type.Optional(
    nullable(stageFacts.stage, { description: 'How far it has come; left out, nothing is said of that.' }),
  ),
  since: Type.Optional(
    nullable(CalendarDay('The day on which it came to that stage; left out, that day is not spoken of.')),
  ),
  asOf: Type.Optional(
    nullable(CalendarDay('The day that stage and count speak of. Left out: `since`, or else today.')),
  ),
  reason: Type.Optional(nullable(Reason)),
};

export const PartyInput = closed(
  { id: Type.Optional(id), role: facts.role, ...optionalInput },
  {
    $id: 'PartyInput',
    description:
      'What is said of a party: an organization, or a name, or else how many companies that are not named. A stage or a count that differs from what is in force on the day is said of that day, as under `stages`.',
    examples: [
      { role: 'interestedParty', count: 6, stage: 'inTalks', asOf: '2023-06-30', citation: said },
      {
        organizationId: 'xianghejian',
        role: 'interestedParty',
        stage: 'frameworkSigned',
        asOf: '2023-06-30',
      },
    ],
  },
);

export const PartyPatch = closed(
  { role: Type.Optional(facts.role), ...optionalInput },
  {
    $id: 'PartyPatch',
    minProperties: 1,
    description:
      'A JSON Merge Patch: only what changes; null removes. A stage that was said is taken back under `stages`.',
    examples: [{ note: '苏式风情街' }, { stage: 'lapsed', reason: '未达成一致' }],
  },
);

export const PartyPage = pageOf(PartyShape, 'PartyPage');

export const PartyRevisions = closed(
  { items: Type.Array(ref(PartyRevision)) },
  { $id: 'PartyRevisions', description: 'Every revision, the newest first.' },
);

export const PartyStageInput = closed(
  {
    stage: stageFacts.stage,
    since: Type.Optional(stageFacts.since),
    count: Type.Optional(nullable(Count)),
    note: Type.Optional(nullable(Note)),
    reason: Type.Optional(nullable(Reason)),
    citation: Type.Optional(nullable(ref(Citation))),
  },
  {
    $id: 'PartyStageInput',
    description: 'Where a party was on a day; `count` is needed of one that is not named.',
    examples: [{ stage: 'inTalks', count: 6, citation: said }],
  },
);

export const PartyStageShape = closed(
  {
    projectId: Type.String(),
    partyId: Type.String(),
    asOf: CalendarDay('The day that it speaks of.'),
    ...stageFacts,
    count: nullable(Count),
    note: nullable(Note),
    reason: nullable(Type.String()),
    citation,
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    supersededAt: nullable(
      Moment('When the next revision took its place; null for the current one.', '2023-08-01T01:02:03.004Z'),
    ),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'PartyStage',
    description: 'What was said of where a party was on a day.',
    examples: [
      {
        ...{ projectId: 'xianghejian-urban-renewal', partyId: 'in-talks', asOf: '2023-06-30' },
        ...{ stage: 'inTalks', since: null, count: 6, note: null, reason: null, citation: said },
        ...{ revision: 1, recordedAt: '2023-07-03T01:02:03.004Z', recordedBy: 'clerk' },
        ...{ supersededAt: null, withdrawn: false },
      },
    ],
  },
);

export const PartyStagePage = pageOf(PartyStageShape, 'PartyStagePage');

export const PartyStageRevisions = closed(
  { items: Type.Array(ref(PartyStageShape)) },
  { $id: 'PartyStageRevisions', description: 'Every revision, the newest first.' },
);

/** What was said of the party itself, as clients see it. */
export function revisionShapeOf(party: Party): Static<typeof PartyRevision> {
  return {
    projectId: party.projectId,
    id: party.id,
    organizationId: party.organizationId,
    name: party.name,
    role: party.role,
    splitFrom: party.splitFrom,
    splitOn: party.splitOn,
    note: party.note,
    citation: party.citation,
    reason: party.reason,
    recordedBy: party.recordedBy,
    revision: party.revision,
    createdAt: party.createdAt,
    updatedAt: party.recordedAt,
    archivedAt: party.archivedAt,
  };
}

/** The party as clients see it, as it was on a day. */
export function shapeOf(
  { party, statements, others }: KnownParty,
  day: CalendarDate,
): Static<typeof PartyShape> {
  const statement = stageOn(statements, day);
  return {
    ...revisionShapeOf(party),
    count: statement?.count ?? null,
    unnamed: unnamedOn(party, others, statements, day),
    stage: statement?.stage ?? null,
    since: inStageOn(statements, day)?.since ?? null,
    stageAsOf: statement?.asOf ?? null,
  };
}

/** What was said of a day, as clients see it. */
export function stageShapeOf(statement: PartyStage): Static<typeof PartyStageShape> {
  return {
    projectId: statement.projectId,
    partyId: statement.partyId,
    asOf: statement.asOf,
    stage: statement.stage,
    since: statement.since,
    count: statement.count,
    note: statement.note,
    reason: statement.reason,
    citation: statement.citation,
    revision: statement.revision,
    recordedAt: statement.recordedAt,
    recordedBy: statement.recordedBy,
    supersededAt: statement.supersededAt,
    withdrawn: statement.withdrawn,
  };
}
