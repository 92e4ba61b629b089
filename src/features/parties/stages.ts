import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { assertSaidInTime, revisedStatement, type SaidIn } from '../../shared/dated-statement.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import { tickMilestone } from '../milestones/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import { meetingByStage } from './meeting.ts';
import type { KnownParty, PartyStage } from './party.ts';
import { assertEnoughUnnamed, assertPartyInUse, assertStageFits, isUnnamed } from './rules.ts';
import { stageShapeOf } from './schemas.ts';
import { findKnownParty, parties, partyStages } from './store.ts';

const noParty = 'there is no such party';
const missing = 'nothing was said of that day';

/** Which party, and which day. */
export type StageKey = Pick<PartyStage, 'projectId' | 'partyId' | 'asOf'>;

/** @throws JinduError `not_found` */
export async function getStage(
  unit: ReadUnit,
  actor: Actor,
  key: StageKey,
  knownAt: Instant | null,
): Promise<PartyStage> {
  await getNode(unit, actor, key.projectId);
  const statement = await partyStages.find(unit, key, knownAt);
  if (statement === undefined) throw new JinduError('not_found', missing);
  return statement;
}

/** @throws JinduError `not_found` */
export async function getStageRevisions(unit: ReadUnit, actor: Actor, key: StageKey): Promise<PartyStage[]> {
  await getNode(unit, actor, key.projectId);
  const revisions = await partyStages.revisionsOf(unit, key);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** @throws JinduError `not_found` */
export async function pageOfStages(
  unit: ReadUnit,
  actor: Actor,
  key: Omit<StageKey, 'asOf'>,
  filters: { from?: CalendarDate; to?: CalendarDate; withdrawn: boolean },
  page: PageRequest<'asOf'>,
): Promise<Page<PartyStage>> {
  await getNode(unit, actor, key.projectId);
  const party = await parties.find(unit, key.projectId, key.partyId);
  if (party === undefined) throw new JinduError('not_found', noParty);
  const rows = await partyStages.list(unit, key, filters, page);
  return pageOfRows(
    page,
    rows,
    ({ asOf }) => ({ value: asOf, id: asOf }),
    (row) => row,
  );
}

/**
 * Takes in where a party was on a day; the same again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `future_date`, `unprocessable`, `validation_failed`, `stage_goes_back`
 */
export async function putStage(
  unit: WriteUnit,
  actor: Actor,
  said: SaidIn<PartyStage>,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ statement: PartyStage; verdict: Verdict }> {
  assertSaidInTime(said, '{asOf}', today);
  const { node, known } = await knownForWriting(unit, actor, said);
  const present = (await partyStages.find(unit, said)) ?? null;
  assertExpected(expectation, present?.revision ?? null);
  const next = revisedStatement(present, said, unit.now, actor.name);
  if (next.verdict === 'unchanged') return next;
  assertStageFits(known, next.statement);
  await keepStage(unit, actor, node, present, next.statement, today);
  return next;
}

/**
 * Takes back what was said of a day: it counts no longer, and stays readable. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`; `unprocessable` where more parties have been told
 * apart than would be left
 */
export async function withdrawStage(
  unit: WriteUnit,
  actor: Actor,
  key: StageKey,
  reason: string | null,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ statement: PartyStage; verdict: Verdict }> {
  const present = await getStage(unit, actor, key, null);
  const { node, known } = await knownForWriting(unit, actor, key);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { statement: present, verdict: 'unchanged' };
  const { party, others, statements } = known;
  const rest = statements.filter(({ asOf }) => asOf !== key.asOf);
  if (isUnnamed(party)) assertEnoughUnnamed(party, others, rest, '{asOf}');
  const statement = withdrawnRevision(present, reason, unit.now, actor.name);
  await keepStage(unit, actor, node, present, statement, today);
  return { statement, verdict: 'withdrawn' };
}

/** Writes a revision with its entry in the record, and meets the milestone that it speaks of. */
export async function keepStage(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  present: PartyStage | null,
  next: PartyStage,
  today: CalendarDate,
): Promise<void> {
  await partyStages.add(unit, next);
  await recordChange(unit, actor, {
    action: next.withdrawn ? 'withdrawn' : present === null ? 'created' : 'corrected',
    subjectType: 'partyStage',
    subjectId: `${next.projectId}/${next.partyId}/${next.asOf}`,
    organizationId: node.organizationId,
    reason: next.reason,
    before: present === null ? null : stageShapeOf(present),
    after: stageShapeOf(next),
  });
  const met = next.withdrawn ? null : meetingByStage(next);
  if (met !== null) await tickMilestone(unit, actor, next.projectId, met, today);
}

async function knownForWriting(
  unit: WriteUnit,
  actor: Actor,
  { projectId, partyId }: Omit<StageKey, 'asOf'>,
): Promise<{ node: ProjectNode; known: KnownParty }> {
  const node = await getNode(unit, actor, projectId);
  const known = await findKnownParty(unit, projectId, partyId, null);
  if (known === null) throw new JinduError('not_found', noParty);
  assertInUse(node);
  assertPartyInUse(known.party);
  return { node, known };
}
