import type { Static } from '@sinclair/typebox';
import { assertSameId } from '../../http/resource.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { fieldError } from '../../shared/errors.ts';
import type { KnownParty, PartyFacts, PartyStageFacts } from './party.ts';
import { stageOn } from './rules.ts';
import type { PartyInput, PartyPatch, PartyStageInput } from './schemas.ts';

/** What a body says of a party. */
export interface SaidInBody {
  /** `splitOn` null with `splitFrom` there: it was left out. */
  facts: PartyFacts;
  /** Where the party was; null: nothing is said of that. */
  stage: Pick<PartyStageFacts, 'stage' | 'since' | 'count'> | null;
  /** The day that is spoken of; null: today. */
  asOf: CalendarDate | null;
  reason: string | null;
}

/**
 * What is in a body, with what was left out filled in.
 * @param pathId the id in the path, with which one in the body must agree
 * @throws JinduError `validation_failed`, `unprocessable`
 */
export function saidIn(body: Static<typeof PartyInput>, pathId?: string): SaidInBody {
  if (pathId !== undefined) assertSameId(body.id, pathId);
  const { stage = null, since = null, count = null, asOf = null } = body;
  const facts: PartyFacts = {
    organizationId: body.organizationId ?? null,
    name: body.name ?? null,
    role: body.role,
    splitFrom: body.splitFrom ?? null,
    splitOn: body.splitOn ?? null,
    note: body.note ?? null,
    citation: wholeCitation(body.citation),
  };
  if (facts.organizationId !== null && facts.name !== null)
    throw fieldError(
      'unprocessable',
      '/name',
      'named_twice',
      'must be left out: the organization has a name',
    );
  if (facts.splitOn !== null && facts.splitFrom === null)
    throw fieldError('unprocessable', '/splitOn', 'split', 'must be left out of what is not told apart');
  if (stage === null) {
    if (since !== null) throw lacksStage('/since');
    if (count !== null) throw lacksStage('/count');
    if (asOf !== null && facts.splitFrom === null) throw lacksStage('/asOf');
  }
  return {
    facts,
    stage: stage === null ? null : { stage, since, count },
    asOf: asOf ?? since,
    reason: body.reason ?? null,
  };
}

function lacksStage(pointer: string) {
  return fieldError('unprocessable', pointer, 'stage', 'must come with the stage that it is said of');
}

/**
 * The body that would say what is known of the party: what a patch is applied to. Its reason was that of another change.
 * What the patch takes the place of is left out of it: the name where it names an organization, the day of the split
 * where it names another party; and stage and count where it speaks of neither, since they are said of a day.
 */
export function inputOf(
  { party, statements }: KnownParty,
  patch: Static<typeof PartyPatch>,
  today: CalendarDate,
): Static<typeof PartyInput> {
  const { organizationId, name, role, splitFrom, splitOn, note, citation } = party;
  const isSplitOtherwise = 'splitFrom' in patch && patch.splitFrom !== splitFrom;
  const speaksOfStage = patch.stage !== null && ['stage', 'since', 'count'].some((field) => field in patch);
  const known = speaksOfStage ? stageOn(statements, patch.asOf ?? patch.since ?? today) : null;
  return {
    ...{ role, note, citation, splitFrom },
    ...(isSplitOtherwise ? {} : { splitOn }),
    ...(isText(patch.name) ? {} : { organizationId }),
    ...(isText(patch.organizationId) ? {} : { name }),
    ...(known === null ? {} : { stage: known.stage, count: known.count }),
  };
}

function isText(said: string | null | undefined): boolean {
  return typeof said === 'string';
}

/** What a body says of where a party was on a day. */
export function stageFactsFrom(body: Static<typeof PartyStageInput>): PartyStageFacts {
  return {
    stage: body.stage,
    since: body.since ?? null,
    count: body.count ?? null,
    note: body.note ?? null,
    reason: body.reason ?? null,
    citation: wholeCitation(body.citation),
  };
}
