import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { assertSaidInTime, revisedStatement } from '../../shared/dated-statement.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import { tickMilestone } from '../milestones/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import { amountShapeOf } from './amount-schemas.ts';
import type {
  AmountKey,
  FoundAmount,
  Funding,
  FundingAmount,
  FundingStatus,
  SaidOfAmount,
} from './funding.ts';
import { meetingByAmount } from './meeting.ts';
import {
  assertAmountDoesNotFall,
  assertArrivedWithinCommitted,
  assertLineInUse,
  mostAmounts,
} from './rules.ts';
import { currencyMixed } from './said-money.ts';
import { fundingAmounts, fundingLines } from './store.ts';

const missing = 'no amount was said of that status and day';

/** An amount with the revision of it that was there before, and whether it says anything new. */
export interface DecidedAmount {
  before: FundingAmount | null;
  amount: FundingAmount;
  verdict: Verdict;
}

/**
 * The current revision of a line, be it archived.
 * @throws JinduError `not_found`
 */
export async function getLine(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  fundingId: string,
): Promise<{ node: ProjectNode; line: Funding }> {
  const node = await getNode(unit, actor, projectId);
  const line = await fundingLines.find(unit, projectId, fundingId);
  if (line === undefined) throw new JinduError('not_found', 'there is no such line of funding');
  return { node, line };
}

/** @throws JinduError `not_found` */
export async function getAmount(unit: ReadUnit, actor: Actor, key: AmountKey): Promise<FoundAmount> {
  const { line } = await getLine(unit, actor, key.projectId, key.fundingId);
  const amount = await fundingAmounts.find(unit, key);
  if (amount === undefined) throw new JinduError('not_found', missing);
  return { amount, currency: line.currency };
}

/** @throws JinduError `not_found` */
export async function getAmountRevisions(
  unit: ReadUnit,
  actor: Actor,
  key: AmountKey,
): Promise<FoundAmount[]> {
  const { line } = await getLine(unit, actor, key.projectId, key.fundingId);
  const revisions = await fundingAmounts.revisionsOf(unit, key);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions.map((amount) => ({ amount, currency: line.currency }));
}

/** @throws JinduError `not_found` */
export async function pageOfAmounts(
  unit: ReadUnit,
  actor: Actor,
  { projectId, fundingId }: Pick<AmountKey, 'projectId' | 'fundingId'>,
  filters: { status?: FundingStatus; from?: CalendarDate; to?: CalendarDate; withdrawn: boolean },
  page: PageRequest<'asOf'>,
): Promise<Page<FoundAmount>> {
  const { line } = await getLine(unit, actor, projectId, fundingId);
  const { status, ...others } = filters;
  const key = { projectId, fundingId, ...(status === undefined ? {} : { status }) };
  const rows = await fundingAmounts.list(unit, key, others, page, 'status');
  return pageOfRows(
    page,
    rows,
    (row) => ({ value: row.asOf, id: row.status }),
    (amount) => ({ amount, currency: line.currency }),
  );
}

/**
 * Takes in what is said of a line, a status and a day, `saidIn` reading the amount in the currency of the line.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `future_date`, `unprocessable`, `amount_falls`,
 *   `arrived_exceeds_committed`, `currency_mixed`, `stated_unreadable`, `validation_failed`
 */
export async function putAmount(
  unit: WriteUnit,
  actor: Actor,
  key: AmountKey,
  saidIn: (currency: string) => { currency: string; said: SaidOfAmount },
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: FoundAmount; verdict: Verdict }> {
  const { node, line } = await getLine(unit, actor, key.projectId, key.fundingId);
  const { currency, said } = saidIn(line.currency);
  if (currency !== line.currency) throw currencyMixed('/currency', currency, line.currency);
  assertInUse(node);
  assertLineInUse(line);
  assertSaidInTime(said, '{asOf}', today);
  const inForce = await fundingAmounts.inForceOf(unit, lineKey(line), null, null);
  const decided = await decideAmount(unit, actor, said, inForce, line.currency, expectation);
  if (decided.verdict !== 'unchanged') await keepAmount(unit, actor, node, line, decided, today);
  return { found: { amount: decided.amount, currency: line.currency }, verdict: decided.verdict };
}

/**
 * Takes back what was said of a status and a day: it counts no longer, and stays readable. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function withdrawAmount(
  unit: WriteUnit,
  actor: Actor,
  key: AmountKey,
  reason: string | null,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: FoundAmount; verdict: Verdict }> {
  const { node, line } = await getLine(unit, actor, key.projectId, key.fundingId);
  const { currency } = line;
  const present = await fundingAmounts.find(unit, key);
  if (present === undefined) throw new JinduError('not_found', missing);
  assertInUse(node);
  assertLineInUse(line);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { found: { amount: present, currency }, verdict: 'unchanged' };
  const amount = withdrawnRevision(present, reason, unit.now, actor.name);
  await keepAmount(unit, actor, node, line, { before: present, amount, verdict: 'withdrawn' }, today);
  return { found: { amount, currency }, verdict: 'withdrawn' };
}

/**
 * What an amount comes to, with every refusal that there is of it; nothing is written.
 * @param inForce of the line, of all days
 * @throws JinduError `precondition_failed`, `unprocessable`, `amount_falls`, `arrived_exceeds_committed`
 */
export async function decideAmount(
  unit: ReadUnit,
  actor: Actor,
  said: SaidOfAmount,
  inForce: readonly FundingAmount[],
  currency: string,
  expectation: Expectation,
): Promise<DecidedAmount> {
  const before = (await fundingAmounts.find(unit, said)) ?? null;
  assertExpected(expectation, before?.revision ?? null);
  const { statement: amount, verdict } = revisedStatement(before, said, unit.now, actor.name);
  if (verdict === 'unchanged') return { before, amount, verdict };
  const others = inForce.filter(({ status, asOf }) => status !== said.status || asOf !== said.asOf);
  if (others.length >= mostAmounts) {
    const message = `the line has ${mostAmounts} amounts: withdraw one first`;
    throw new JinduError('unprocessable', message);
  }
  assertAmountDoesNotFall(amount, others, currency);
  assertArrivedWithinCommitted(amount, [...others, amount], currency);
  return { before, amount, verdict };
}

/** Writes an amount that was decided upon, with its entry in the record and the milestone that it meets. */
export async function keepAmount(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  line: Funding,
  { before, amount, verdict }: DecidedAmount,
  today: CalendarDate,
): Promise<void> {
  const { projectId, fundingId, status, asOf } = amount;
  await fundingAmounts.add(unit, amount);
  await recordChange(unit, actor, {
    action: verdict === 'created' || verdict === 'withdrawn' ? verdict : 'corrected',
    subjectType: 'fundingAmount',
    subjectId: `${projectId}/${fundingId}/${status}/${asOf}`,
    organizationId: node.organizationId,
    reason: amount.reason,
    before: before === null ? null : amountShapeOf({ amount: before, currency: line.currency }),
    after: amountShapeOf({ amount, currency: line.currency }),
  });
  const met = amount.withdrawn ? null : meetingByAmount(line, amount);
  if (met !== null) await tickMilestone(unit, actor, projectId, met, today);
}

export function lineKey({ projectId, id }: Funding) {
  return { projectId, fundingId: id };
}
