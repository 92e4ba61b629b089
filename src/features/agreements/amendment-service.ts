import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { revisedStatement } from '../../shared/dated-statement.ts';
import { JinduError, notYet } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import { assertInUse, getNode } from '../projects/index.ts';
import type { Amendment, AmendmentFacts } from './agreement.ts';
import { amendmentShapeOf } from './amendment-schemas.ts';
import {
  assertAgreementInUse,
  assertEndsAfterBeginning,
  assertOneCurrency,
  assertSignedBeforeAmended,
  mostAmendments,
} from './rules.ts';
import { type AmendedAgreement, getAgreement } from './service.ts';
import { type AmendmentFilters, type AmendmentSort, amendments } from './store.ts';

const missing = 'there is no amendment of that day';

/** By what an amendment is known. */
export interface AmendmentKey {
  projectId: string;
  agreementId: string;
  asOf: CalendarDate;
}

/**
 * The amendment of a day, be it withdrawn, as it was known at a moment (null: now).
 * @throws JinduError `not_found`
 */
export async function getAmendment(
  unit: ReadUnit,
  actor: Actor,
  key: AmendmentKey,
  knownAt: Instant | null,
): Promise<Amendment> {
  await getAgreement(unit, actor, key.projectId, key.agreementId, knownAt);
  const amendment = await amendments.find(unit, key, knownAt);
  if (amendment === undefined) throw new JinduError('not_found', missing);
  return amendment;
}

/**
 * Everything that was ever said of the amendment of a day, the newest first.
 * @throws JinduError `not_found`
 */
export async function getAmendmentRevisions(
  unit: ReadUnit,
  actor: Actor,
  key: AmendmentKey,
): Promise<Amendment[]> {
  await getAgreement(unit, actor, key.projectId, key.agreementId, null);
  const revisions = await amendments.revisionsOf(unit, key);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** @throws JinduError `not_found` */
export async function pageOfAmendments(
  unit: ReadUnit,
  actor: Actor,
  key: Omit<AmendmentKey, 'asOf'>,
  filters: AmendmentFilters,
  page: PageRequest<AmendmentSort>,
): Promise<Page<Amendment>> {
  await getAgreement(unit, actor, key.projectId, key.agreementId, null);
  const rows = await amendments.list(unit, key, filters, page);
  return pageOfRows(
    page,
    rows,
    ({ asOf }) => ({ value: asOf, id: asOf }),
    (row) => row,
  );
}

/**
 * Takes in what the parties changed as of a day; the same again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `future_date`, `unprocessable`, `currency_mixed`
 */
export async function putAmendment(
  unit: WriteUnit,
  actor: Actor,
  key: AmendmentKey,
  facts: AmendmentFacts,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ amendment: Amendment; verdict: Verdict }> {
  const { asOf } = key;
  const { found, organizationId } = await amendable(unit, actor, key);
  const present = (await amendments.find(unit, key)) ?? null;
  assertExpected(expectation, present?.revision ?? null);
  if (asOf > today) throw notYet('{asOf}', asOf, today);
  const said = { ...key, ...facts };
  const { statement: amendment, verdict } = revisedStatement(present, said, unit.now, actor.name);
  if (verdict === 'unchanged') return { amendment, verdict };
  const others = found.amendments.filter((other) => other.asOf !== asOf);
  const all = [...others, amendment];
  assertSignedBeforeAmended(found.agreement, all, '{asOf}');
  assertOneCurrency(found.agreement, all, amendment);
  assertEndsAfterBeginning(found.agreement, all, '/endsOn');
  assertRoom(others);
  await keep(
    unit,
    actor,
    organizationId,
    verdict === 'created' ? 'created' : 'corrected',
    present,
    amendment,
  );
  return { amendment, verdict };
}

/**
 * Takes an amendment back: the terms are as if it had never been, and it stays readable. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`; `unprocessable` where a later one rests on it
 */
export async function withdrawAmendment(
  unit: WriteUnit,
  actor: Actor,
  key: AmendmentKey,
  reason: string | null,
  expectation: Expectation,
): Promise<{ amendment: Amendment; verdict: Verdict }> {
  const present = await getAmendment(unit, actor, key, null);
  const { found, organizationId } = await amendable(unit, actor, key);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { amendment: present, verdict: 'unchanged' };
  const others = found.amendments.filter((other) => other.asOf !== key.asOf);
  assertEndsAfterBeginning(found.agreement, others, '{asOf}');
  const amendment = withdrawnRevision(present, reason, unit.now, actor.name);
  await keep(unit, actor, organizationId, 'withdrawn', present, amendment);
  return { amendment, verdict: 'withdrawn' };
}

/** The agreement, where it and its project are in use, and the organization whose matter it is. */
async function amendable(
  unit: WriteUnit,
  actor: Actor,
  { projectId, agreementId }: AmendmentKey,
): Promise<{ found: AmendedAgreement; organizationId: string }> {
  const node = await getNode(unit, actor, projectId);
  const found = await getAgreement(unit, actor, projectId, agreementId, null);
  assertInUse(node);
  assertAgreementInUse(found.agreement);
  return { found, organizationId: node.organizationId };
}

/** @throws JinduError `unprocessable` */
function assertRoom(others: readonly Amendment[]): void {
  if (others.length < mostAmendments) return;
  throw new JinduError(
    'unprocessable',
    `the agreement has ${mostAmendments} amendments: a new one is another agreement`,
  );
}

async function keep(
  unit: WriteUnit,
  actor: Actor,
  organizationId: string,
  action: 'created' | 'corrected' | 'withdrawn',
  present: Amendment | null,
  amendment: Amendment,
): Promise<void> {
  await amendments.add(unit, amendment);
  await recordChange(unit, actor, {
    action,
    subjectType: 'amendment',
    subjectId: `${amendment.projectId}/${amendment.agreementId}/${amendment.asOf}`,
    organizationId,
    reason: amendment.reason,
    before: present === null ? null : amendmentShapeOf(present),
    after: amendmentShapeOf(amendment),
  });
}
