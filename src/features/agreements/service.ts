import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation, type mustBeNew } from '../../shared/expectation.ts';
import { archivedRevision } from '../../shared/revised-thing.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import { tickMilestone } from '../milestones/index.ts';
import { partiesIn } from '../parties/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import type { Agreement, Amendment } from './agreement.ts';
import { meetingByAgreement } from './meeting.ts';
import {
  assertEndsAfterBeginning,
  assertOneCurrency,
  assertPartiesKnown,
  assertSignedBeforeAmended,
  mostAgreements,
  revised,
  type SentAgreement,
} from './rules.ts';
import { revisionShapeOf } from './schemas.ts';
import {
  type AgreementFilters,
  type AgreementSort,
  agreements,
  amendments,
  listAgreements,
} from './store.ts';

const missing = 'there is no such agreement';

/** An agreement with its amendments that are in force, by day. */
export interface AmendedAgreement {
  agreement: Agreement;
  amendments: Amendment[];
}

/** What is said of an agreement of a project. */
export interface SaidOfAgreement {
  projectId: string;
  id: string;
  sent: SentAgreement;
  reason: string | null;
}

export interface Written {
  found: AmendedAgreement;
  verdict: Verdict;
}

/**
 * The agreement, be it archived, as it was known at a moment (null: now).
 * @throws JinduError `not_found`
 */
export async function getAgreement(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
  knownAt: Instant | null,
): Promise<AmendedAgreement> {
  await getNode(unit, actor, projectId);
  const agreement = await agreements.find(unit, projectId, id, knownAt);
  if (agreement === undefined) throw new JinduError('not_found', missing);
  return await withAmendments(unit, agreement, knownAt);
}

/**
 * Everything that was ever written down of an agreement, the newest first.
 * @throws JinduError `not_found`
 */
export async function getAgreementRevisions(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
): Promise<Agreement[]> {
  await getNode(unit, actor, projectId);
  const revisions = await agreements.revisionsOf(unit, projectId, id);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** @throws JinduError `not_found` */
export async function pageOfAgreements(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  filters: AgreementFilters,
  page: PageRequest<AgreementSort>,
): Promise<Page<AmendedAgreement>> {
  await getNode(unit, actor, projectId);
  const rows = await listAgreements(unit, projectId, filters, page);
  const found = pageOfRows(
    page,
    rows,
    (row) => ({ value: { ...row, updatedAt: row.recordedAt }[page.sort], id: row.id }),
    (row) => row,
  );
  const all = await amendments.inForceIn(unit, [projectId], null, filters.knownAt);
  const ofAgreement = Map.groupBy(all, ({ agreementId }) => agreementId);
  const items = found.items.map((agreement) => ({
    agreement,
    amendments: ofAgreement.get(agreement.id) ?? [],
  }));
  return { ...found, items };
}

/**
 * Creates or replaces; the same facts again change nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `conflict`, `future_date`, `unprocessable`,
 *   `unknown_party`, `currency_mixed`
 */
export async function putAgreement(
  unit: WriteUnit,
  actor: Actor,
  said: SaidOfAgreement,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<Written> {
  const { projectId, id } = said;
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const previous = (await agreements.find(unit, projectId, id)) ?? null;
  assertExpected(expectation, previous?.revision ?? null);
  const next = revised(previous, { ...said, now: unit.now, today, recordedBy: actor.name });
  const found = await withAmendments(unit, next, null);
  if (next === previous) return { found, verdict: 'unchanged' };
  await assertMayStand(unit, found);
  if (previous === null) await assertRoom(unit, projectId);
  const verdict = previous === null ? 'created' : 'replaced';
  await save(unit, actor, node, { action: verdict, previous, next }, today);
  return { found, verdict };
}

/**
 * Changes some facts, `change` making what is said of the agreement as it is.
 * @throws JinduError as {@link putAgreement}
 */
export async function changeAgreement(
  unit: WriteUnit,
  actor: Actor,
  { projectId, id }: { projectId: string; id: string },
  change: (agreement: Agreement) => Pick<SaidOfAgreement, 'sent' | 'reason'>,
  expectation: Expectation,
  today: CalendarDate,
): Promise<Written> {
  const { agreement } = await getAgreement(unit, actor, projectId, id, null);
  return await putAgreement(unit, actor, { projectId, id, ...change(agreement) }, expectation, today);
}

/**
 * Takes an agreement out of use, or into it again; nothing of it is lost. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`; of what is restored `conflict`, `unprocessable`
 */
export async function setAgreementArchived(
  unit: WriteUnit,
  actor: Actor,
  { projectId, id, isArchived }: { projectId: string; id: string; isArchived: boolean },
  expectation: Expectation,
  today: CalendarDate,
): Promise<Written> {
  const found = await getAgreement(unit, actor, projectId, id, null);
  const { agreement: previous } = found;
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  assertExpected(expectation, previous.revision);
  if ((previous.archivedAt !== null) === isArchived) return { found, verdict: 'unchanged' };
  if (!isArchived) await assertMayReturn(unit, previous);
  const verdict = isArchived ? 'archived' : 'restored';
  const telling = { reason: null, now: unit.now, recordedBy: actor.name };
  const next = archivedRevision(previous, isArchived, telling);
  await save(unit, actor, node, { action: verdict, previous, next }, today);
  return { found: { ...found, agreement: next }, verdict };
}

/**
 * An agreement in use that names a party, for who wants to archive that party; null where there is none.
 */
export async function partyInAgreement(
  unit: ReadUnit,
  projectId: string,
  partyId: string,
): Promise<string | null> {
  const inUse = await agreements.inUseIn(unit, [projectId], null);
  const naming = inUse.find(({ partyIds }) => partyIds.includes(partyId));
  return naming === undefined ? null : `the agreement ${naming.id}`;
}

/** What these projects had agreed that was in use, as it was known at a moment (null: now), by project and id. */
export async function agreementsIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<Agreement[]> {
  return await agreements.inUseIn(unit, projectIds, knownAt);
}

/** The amendments of their agreements that were in force, archived ones' among them, in the same way, by day. */
export async function amendmentsIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<Amendment[]> {
  return await amendments.inForceIn(unit, projectIds, null, knownAt);
}

async function withAmendments(
  unit: ReadUnit,
  agreement: Agreement,
  knownAt: Instant | null,
): Promise<AmendedAgreement> {
  const { projectId, id: agreementId } = agreement;
  const inForce = await amendments.inForceOf(unit, { projectId, agreementId }, null, knownAt);
  return { agreement, amendments: inForce };
}

/** @throws JinduError `unprocessable`, `currency_mixed`, `unknown_party` */
async function assertMayStand(
  unit: WriteUnit,
  { agreement, amendments: inForce }: AmendedAgreement,
): Promise<void> {
  const { projectId, partyIds, signedOn } = agreement;
  assertEndsAfterBeginning(agreement, inForce, '/endsOn');
  assertSignedBeforeAmended(agreement, inForce, signedOn === null ? '/signedByDay' : '/signedOn');
  assertOneCurrency(agreement, inForce, null);
  assertPartiesKnown(partyIds, await notInUse(unit, projectId, partyIds));
}

/**
 * A party may have been archived while the agreement was: it comes back first.
 * @throws JinduError `conflict`, `unprocessable`
 */
async function assertMayReturn(unit: WriteUnit, { projectId, partyIds }: Agreement): Promise<void> {
  const [archived] = await notInUse(unit, projectId, partyIds);
  if (archived !== undefined)
    throw new JinduError('conflict', `its party ${archived} is archived: restore that first`);
  await assertRoom(unit, projectId);
}

/** Those of the ids that are no party of the project in use. */
async function notInUse(unit: ReadUnit, projectId: string, partyIds: readonly string[]): Promise<string[]> {
  if (partyIds.length === 0) return [];
  const inUse = new Set((await partiesIn(unit, [projectId], null)).map(({ id }) => id));
  return partyIds.filter((id) => !inUse.has(id));
}

/** @throws JinduError `unprocessable` */
async function assertRoom(unit: ReadUnit, projectId: string): Promise<void> {
  if ((await agreements.countInUse(unit, projectId)) < mostAgreements) return;
  throw new JinduError('unprocessable', `the project has ${mostAgreements} agreements: archive one first`);
}

/** Writes a revision with its entry in the record, and meets the milestone that it speaks of. */
async function save(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  change: {
    action: 'created' | 'replaced' | 'archived' | 'restored';
    previous: Agreement | null;
    next: Agreement;
  },
  today: CalendarDate,
): Promise<void> {
  const { action, previous, next } = change;
  await agreements.add(unit, next);
  await recordChange(unit, actor, {
    action,
    subjectType: 'agreement',
    subjectId: `${next.projectId}/${next.id}`,
    organizationId: node.organizationId,
    reason: next.reason,
    before: previous === null ? null : revisionShapeOf(previous),
    after: revisionShapeOf(next),
  });
  const met = next.archivedAt === null ? meetingByAgreement(next) : null;
  if (met !== null) await tickMilestone(unit, actor, next.projectId, met, today);
}
