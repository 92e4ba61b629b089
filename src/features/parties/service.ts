import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { assertSaidInTime } from '../../shared/dated-statement.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation, type mustBeNew } from '../../shared/expectation.ts';
import { archivedRevision, revisedThing } from '../../shared/revised-thing.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import { namedOrganization } from '../organizations/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import type { SaidInBody } from './bodies.ts';
import type { KnownParty, Party, PartyStage } from './party.ts';
import {
  assertEnoughUnnamed,
  assertNamedOrCounted,
  assertPartyInUse,
  assertRoomFor,
  assertSplits,
  assertStageFits,
  assertStaysNamed,
  isThereOn,
  stageSaid,
  withDayOfSplit,
} from './rules.ts';
import { shapeOf } from './schemas.ts';
import { keepStage } from './stages.ts';
import {
  findKnownParty,
  listParties,
  type PartyFilters,
  type PartySort,
  parties,
  partyStages,
} from './store.ts';

const missing = 'there is no such party';

/** The day, and the moment whose knowledge is asked for (null: all that is known now). */
export interface Asked {
  asOf: CalendarDate;
  knownAt: Instant | null;
}

/** What is said of a party of a project. */
export interface SaidOfParty extends SaidInBody {
  projectId: string;
  id: string;
}

export interface WrittenParty {
  found: KnownParty;
  verdict: Verdict;
}

/** Names something of another feature that still needs a party, or null. */
export type PartyInUseBy = (unit: ReadUnit, projectId: string, partyId: string) => Promise<string | null>;

/**
 * The party as it was known; one that was told apart later is not there on an earlier day.
 * @throws JinduError `not_found`
 */
export async function getParty(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
  { asOf, knownAt }: Asked,
): Promise<KnownParty> {
  await getNode(unit, actor, projectId);
  const found = await findKnownParty(unit, projectId, id, knownAt);
  if (found === null || !isThereOn(found.party, asOf)) throw new JinduError('not_found', missing);
  return found;
}

/**
 * Everything that was ever said of a party but for its stages, the newest first.
 * @throws JinduError `not_found`
 */
export async function getPartyRevisions(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
): Promise<Party[]> {
  await getNode(unit, actor, projectId);
  const revisions = await parties.revisionsOf(unit, projectId, id);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** @throws JinduError `not_found` */
export async function pageOfParties(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  filters: PartyFilters,
  page: PageRequest<PartySort>,
  { asOf, knownAt }: Asked,
): Promise<Page<KnownParty>> {
  await getNode(unit, actor, projectId);
  const statements = Map.groupBy(
    await partyStages.inForceIn(unit, [projectId], null, knownAt),
    ({ partyId }) => partyId,
  );
  const rows = await listParties(unit, projectId, filters, page, { asOf, knownAt, statements });
  const others = await parties.inUseIn(unit, [projectId], knownAt);
  return pageOfRows(
    page,
    rows,
    ({ id, recordedAt }) => ({ value: { id, updatedAt: recordedAt }[page.sort], id }),
    (party) => ({ party, statements: statements.get(party.id) ?? [], others }),
  );
}

/**
 * Creates or replaces, and says of the day where the party is, if that is not in force already; the same again changes
 * nothing, on whatever day. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `conflict`, `future_date`, `unprocessable`, `validation_failed`, `stage_goes_back`
 */
export async function putParty(
  unit: WriteUnit,
  actor: Actor,
  said: SaidOfParty,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<WrittenParty> {
  const { projectId, id, reason } = said;
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const known = await findKnownParty(unit, projectId, id, null);
  const present = known?.party ?? null;
  assertExpected(expectation, present?.revision ?? null);
  if (present !== null) assertPartyInUse(present);
  const telling = { reason, now: unit.now, recordedBy: actor.name };
  const facts = withDayOfSplit(said, present, today);
  const party = revisedThing(present, { projectId, id }, facts, telling);
  const others = known?.others ?? (await parties.inUseIn(unit, [projectId], null));
  const after: KnownParty = { party, statements: known?.statements ?? [], others };
  if (party !== present) {
    assertStaysNamed(present, party);
    await assertMayBeSo(unit, actor, present, party, others, today);
  }
  const stage = await nextStage(unit, actor, after, said, today);
  if (present === null) assertNamedOrCounted(party, stage !== null);

  if (party === present && stage === null && known !== null) return { found: known, verdict: 'unchanged' };
  const action = present === null ? 'created' : 'replaced';
  const found = stage === null ? after : withStage(after, stage.next);
  if (party !== present) await save(unit, actor, node, action, known, found, today);
  if (stage !== null) await keepStage(unit, actor, node, stage.present, stage.next, today);
  return { found, verdict: action };
}

/**
 * Changes some facts, `change` making what is said of what is known.
 * @throws JinduError as {@link putParty}
 */
export async function changeParty(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  change: (known: KnownParty) => SaidInBody,
  expectation: Expectation,
  today: CalendarDate,
): Promise<WrittenParty> {
  const known = await knownParty(unit, actor, projectId, id);
  return await putParty(unit, actor, { projectId, id, ...change(known) }, expectation, today);
}

/**
 * Takes the party out of lists and out of the deal; nothing of it is lost. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`; `conflict` while something in use needs it
 */
export async function archiveParty(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  expectation: Expectation,
  inUseBy: PartyInUseBy,
  today: CalendarDate,
): Promise<WrittenParty> {
  const known = await knownParty(unit, actor, projectId, id);
  const { node, party } = await toBeSetInUse(unit, actor, known, expectation);
  if (party.archivedAt !== null) return { found: known, verdict: 'unchanged' };
  const named = known.others.find(({ splitFrom }) => splitFrom === id);
  const user = named === undefined ? await inUseBy(unit, projectId, id) : `the party ${named.id}`;
  if (user !== null)
    throw new JinduError('conflict', `${user} still refers to it: change or archive that first`);
  const telling = { reason: null, now: unit.now, recordedBy: actor.name };
  const found = { ...known, party: archivedRevision(party, true, telling) };
  await save(unit, actor, node, 'archived', known, found, today);
  return { found, verdict: 'archived' };
}

/** @throws JinduError `not_found`, `archived`, `precondition_failed`, `unprocessable` */
export async function restoreParty(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  expectation: Expectation,
  today: CalendarDate,
): Promise<WrittenParty> {
  const known = await knownParty(unit, actor, projectId, id);
  const { node, party } = await toBeSetInUse(unit, actor, known, expectation);
  if (party.archivedAt === null) return { found: known, verdict: 'unchanged' };
  const telling = { reason: null, now: unit.now, recordedBy: actor.name };
  const found = { ...known, party: archivedRevision(party, false, telling) };
  await assertMayBeSo(unit, actor, null, found.party, known.others, today);
  await save(unit, actor, node, 'restored', known, found, today);
  return { found, verdict: 'restored' };
}

async function knownParty(unit: ReadUnit, actor: Actor, projectId: string, id: string): Promise<KnownParty> {
  await getNode(unit, actor, projectId);
  const known = await findKnownParty(unit, projectId, id, null);
  if (known === null) throw new JinduError('not_found', missing);
  return known;
}

async function toBeSetInUse(
  unit: WriteUnit,
  actor: Actor,
  { party }: KnownParty,
  expectation: Expectation,
): Promise<{ node: ProjectNode; party: Party }> {
  const node = await getNode(unit, actor, party.projectId);
  assertInUse(node);
  assertExpected(expectation, party.revision);
  return { node, party };
}

/** Where the party comes to be by what is said of it; null where that is in force already, or nothing is said. */
async function nextStage(
  unit: WriteUnit,
  actor: Actor,
  known: KnownParty,
  { stage, asOf, reason, citation }: SaidOfParty,
  today: CalendarDate,
): Promise<{ present: PartyStage | null; next: PartyStage } | null> {
  if (stage === null) return null;
  const { projectId, id: partyId } = known.party;
  const key = { projectId, partyId, asOf: asOf ?? today };
  assertSaidInTime({ ...stage, ...key }, '/asOf', today);
  const present = (await partyStages.find(unit, key)) ?? null;
  const said = { ...stage, reason, citation };
  const next = stageSaid(known.statements, present, { ...key, ...said }, unit.now, actor.name);
  if (next === null) return null;
  assertStageFits(known, next);
  return { present, next };
}

/**
 * What a new or changed party refers to must be there.
 * @throws JinduError `unprocessable`, `future_date`
 */
async function assertMayBeSo(
  unit: ReadUnit,
  actor: Actor,
  present: Party | null,
  party: Party,
  others: readonly Party[],
  today: CalendarDate,
): Promise<void> {
  const { projectId, organizationId, splitFrom, splitOn } = party;
  if (present === null) assertRoomFor(others);
  if (organizationId !== null && organizationId !== present?.organizationId)
    await namedOrganization(unit, actor, organizationId, '/organizationId');
  if (splitFrom === null) return;
  if (splitFrom === present?.splitFrom && splitOn === present.splitOn) return;
  const source = await findKnownParty(unit, projectId, splitFrom, null);
  assertSplits(party, source?.party ?? null, today);
  const withParty = [...others.filter(({ id }) => id !== party.id), party];
  assertEnoughUnnamed({ id: splitFrom }, withParty, source?.statements ?? [], '/splitFrom');
}

/** Writes a revision with its entry in the record. */
async function save(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  before: KnownParty | null,
  after: KnownParty,
  today: CalendarDate,
): Promise<void> {
  const { party } = after;
  await parties.add(unit, party);
  await recordChange(unit, actor, {
    action,
    subjectType: 'party',
    subjectId: `${party.projectId}/${party.id}`,
    organizationId: node.organizationId,
    reason: party.reason,
    before: before === null ? null : shapeOf(before, today),
    after: shapeOf(after, today),
  });
}

function withStage(known: KnownParty, next: PartyStage): KnownParty {
  const rest = known.statements.filter(({ asOf }) => asOf !== next.asOf);
  return { ...known, statements: [...rest, next] };
}
