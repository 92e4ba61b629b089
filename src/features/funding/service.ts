import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { assertSaidInTime } from '../../shared/dated-statement.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation, type mustBeNew, noExpectation } from '../../shared/expectation.ts';
import type { SaidMoney } from '../../shared/qualified-money.ts';
import { archivedRevision, revisedThing } from '../../shared/revised-thing.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import { namedOrganization } from '../organizations/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import { type DecidedAmount, decideAmount, getLine, keepAmount, lineKey } from './amounts.ts';
import type {
  AnsweredQuestion,
  FoundLine,
  Funding,
  FundingAmount,
  FundingStatus,
  SaidOfAmount,
  SaidOfLine,
  SaidWithLine,
} from './funding.ts';
import { assertLineInUse, inForceOn, mostLines, statusOn } from './rules.ts';
import { shapeOf } from './schemas.ts';
import {
  type FundingSort,
  fundingAmounts,
  fundingLines,
  hasAmounts,
  listLines,
  sortValueOf,
} from './store.ts';

const missing = 'there is no such line of funding';

/** @throws JinduError `not_found` */
export async function getFunding(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
  knownAt: Instant | null,
): Promise<FoundLine> {
  await getNode(unit, actor, projectId);
  const line = await fundingLines.find(unit, projectId, id, knownAt);
  if (line === undefined) throw new JinduError('not_found', missing);
  return await withAmounts(unit, line, knownAt);
}

/**
 * Everything that was ever said of a line itself, the newest first; its amounts have revisions of their own.
 * @throws JinduError `not_found`
 */
export async function getFundingRevisions(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
): Promise<Funding[]> {
  await getNode(unit, actor, projectId);
  const revisions = await fundingLines.revisionsOf(unit, projectId, id);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

export interface FundingFilters {
  status?: FundingStatus;
  currency?: string;
  sourceOrganizationId?: string;
  archived: boolean;
}

/** @throws JinduError `not_found` */
export async function pageOfFunding(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  { status, ...filters }: FundingFilters,
  { asOf, knownAt }: AnsweredQuestion,
  page: PageRequest<FundingSort>,
): Promise<Page<FoundLine>> {
  await getNode(unit, actor, projectId);
  const amounts = await fundingAmountsIn(unit, [projectId], knownAt);
  const byLine = Map.groupBy(amounts, ({ fundingId }) => fundingId);
  const rows: FoundLine[] = [];
  // The status is no column: lines are read along their order until a page of those that have it is full.
  for (let after: PageRequest<FundingSort>['after'] = page.after; ; ) {
    const read = await listLines(unit, projectId, { ...filters, knownAt }, { ...page, after });
    for (const line of read) {
      const found = { line, amounts: byLine.get(line.id) ?? [] };
      if (status === undefined || statusOn(found.amounts, asOf) === status) rows.push(found);
    }
    const last = read.at(-1);
    if (last === undefined || read.length <= page.limit || rows.length > page.limit) break;
    after = { sort: page.sort, value: sortValueOf(last, page.sort), id: last.id };
  }
  return pageOfRows(
    page,
    rows,
    ({ line }) => ({ value: sortValueOf(line, page.sort), id: line.id }),
    (row) => row,
  );
}

/**
 * The lines of a project that are in use, each with its amounts.
 * @throws JinduError `not_found`
 */
export async function getFundingOf(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  knownAt: Instant | null,
): Promise<FoundLine[]> {
  await getNode(unit, actor, projectId);
  const amounts = Map.groupBy(
    await fundingAmountsIn(unit, [projectId], knownAt),
    ({ fundingId }) => fundingId,
  );
  const lines = await fundingIn(unit, [projectId], knownAt);
  return lines.map((line) => ({ line, amounts: amounts.get(line.id) ?? [] }));
}

/** The lines that these projects had in use, as it was known at a moment (null: now). Who may see them is asked before. */
export async function fundingIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<Funding[]> {
  return await fundingLines.inUseIn(unit, projectIds, knownAt);
}

/**
 * What was said of the amounts of these projects' lines, archived ones among them, as it was known at a moment (null: now):
 * of all days, since an amount holds from the day on which it came about and not from the one that it speaks of.
 */
export async function fundingAmountsIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<FundingAmount[]> {
  return await fundingAmounts.inForceIn(unit, projectIds, null, knownAt);
}

/**
 * Creates or replaces a line, and says how much has come to a status where that is not what is said already. The same
 * again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `conflict`, `future_date`, `unprocessable`,
 *   `amount_falls`, `arrived_exceeds_committed`, `currency_mixed`
 */
export async function putFunding(
  unit: WriteUnit,
  actor: Actor,
  said: SaidOfLine,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<{ found: FoundLine; verdict: Verdict }> {
  const { projectId, id, facts, reason } = said;
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const previous = (await fundingLines.find(unit, projectId, id)) ?? null;
  assertExpected(expectation, previous?.revision ?? null);
  if (previous !== null) assertLineInUse(previous);
  const telling = { reason, now: unit.now, recordedBy: actor.name };
  const next = revisedThing(previous, { projectId, id }, facts, telling);
  await assertMayBecome(unit, actor, previous, next);
  const before = previous === null ? null : await withAmounts(unit, previous, null);
  const amount = await decideWithLine(unit, actor, next, said, before?.amounts ?? [], today);
  if (before !== null && next === previous && amount === null) return { found: before, verdict: 'unchanged' };
  const found = { line: next, amounts: amountsAfter(before?.amounts ?? [], amount) };
  const verdict = previous === null ? 'created' : 'replaced';
  if (next !== previous) {
    await fundingLines.add(unit, next);
    await recordLine(unit, actor, node, verdict, before, found, today);
  }
  if (amount !== null) await keepAmount(unit, actor, node, next, amount, today);
  return { found, verdict };
}

/**
 * Changes some facts, `change` making what is said of the line as it stands.
 * @throws JinduError as {@link putFunding}
 */
export async function changeFunding(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  change: (found: FoundLine) => Omit<SaidOfLine, 'projectId' | 'id'>,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: FoundLine; verdict: Verdict }> {
  const found = await getFunding(unit, actor, projectId, id, null);
  return await putFunding(unit, actor, { projectId, id, ...change(found) }, expectation, today);
}

/**
 * Takes the line out of lists and sums, or into use again; nothing of it is lost. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `unprocessable`
 */
export async function setFundingArchived(
  unit: WriteUnit,
  actor: Actor,
  { projectId, id, isArchived }: { projectId: string; id: string; isArchived: boolean },
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: FoundLine; verdict: Verdict }> {
  const { node, line } = await getLine(unit, actor, projectId, id);
  const before = await withAmounts(unit, line, null);
  assertInUse(node);
  assertExpected(expectation, line.revision);
  if ((line.archivedAt !== null) === isArchived) return { found: before, verdict: 'unchanged' };
  if (!isArchived) await assertRoomFor(unit, projectId);
  const telling = { reason: null, now: unit.now, recordedBy: actor.name };
  const found = { ...before, line: archivedRevision(line, isArchived, telling) };
  await fundingLines.add(unit, found.line);
  const verdict = isArchived ? 'archived' : 'restored';
  await recordLine(unit, actor, node, verdict, before, found, today);
  return { found, verdict };
}

/** @throws JinduError `unprocessable`, `currency_mixed` */
async function assertMayBecome(
  unit: ReadUnit,
  actor: Actor,
  previous: Funding | null,
  next: Funding,
): Promise<void> {
  const { projectId, id, currency, sourceOrganizationId } = next;
  if (sourceOrganizationId !== null && sourceOrganizationId !== previous?.sourceOrganizationId)
    await namedOrganization(unit, actor, sourceOrganizationId, '/sourceOrganizationId');
  if (previous === null) await assertRoomFor(unit, projectId);
  else if (previous.currency !== currency && (await hasAmounts(unit, projectId, id))) {
    throw new JinduError('currency_mixed', `the amounts of the line are in ${previous.currency}`, [
      {
        pointer: '/currency',
        code: 'currency_mixed',
        message: `must be ${previous.currency}, in which amounts were said; another currency is another line`,
      },
    ]);
  }
}

/** Null where nothing is said of an amount, or nothing but what is said already. */
async function decideWithLine(
  unit: ReadUnit,
  actor: Actor,
  line: Funding,
  { amount: said, reason }: SaidOfLine,
  inForce: readonly FundingAmount[],
  today: CalendarDate,
): Promise<DecidedAmount | null> {
  if (said === null) return null;
  const { status, since, money, citation } = said;
  const asOf = said.asOf ?? since ?? today;
  const asOfPointer = said.asOf === null && since ? '/since' : '/asOf';
  assertSaidInTime({ asOf, since: since ?? null }, asOfPointer, today);
  const present = inForceOn(inForce, status, asOf);
  if (present !== null && saysAlready(present, said)) return null;
  const corrected = inForce.find((each) => each.status === status && each.asOf === asOf) ?? null;
  const { amountMinor, qualifier, stated } = money ?? present ?? unknownMoney;
  const whole: SaidOfAmount = {
    ...lineKey(line),
    ...{ status, asOf, amountMinor, qualifier, stated, reason, citation },
    since: since === undefined ? (corrected?.since ?? null) : since,
    note: corrected?.note ?? null,
  };
  const decided = await decideAmount(unit, actor, whole, inForce, line.currency, noExpectation);
  return decided.verdict === 'unchanged' ? null : decided;
}

function amountsAfter(
  inForce: readonly FundingAmount[],
  decided: DecidedAmount | null,
): readonly FundingAmount[] {
  if (decided === null) return inForce;
  const { amount } = decided;
  return [...inForce.filter(({ status, asOf }) => status !== amount.status || asOf !== amount.asOf), amount];
}

const unknownMoney: SaidMoney = { amountMinor: null, qualifier: 'exact', stated: null };

function saysAlready(present: FundingAmount, { since, money }: SaidWithLine): boolean {
  if (since !== undefined && since !== present.since) return false;
  if (money === undefined) return true;
  return (
    money.amountMinor === present.amountMinor &&
    money.qualifier === present.qualifier &&
    money.stated === present.stated
  );
}

async function recordLine(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  before: FoundLine | null,
  after: FoundLine,
  today: CalendarDate,
): Promise<void> {
  const { projectId, id, reason } = after.line;
  await recordChange(unit, actor, {
    action,
    subjectType: 'funding',
    subjectId: `${projectId}/${id}`,
    organizationId: node.organizationId,
    reason,
    before: before === null ? null : shapeOf(before, today),
    after: shapeOf(after, today),
  });
}

async function withAmounts(unit: ReadUnit, line: Funding, knownAt: Instant | null): Promise<FoundLine> {
  return { line, amounts: await fundingAmounts.inForceOf(unit, lineKey(line), null, knownAt) };
}

/** @throws JinduError `unprocessable` */
async function assertRoomFor(unit: ReadUnit, projectId: string): Promise<void> {
  if ((await fundingLines.countInUse(unit, projectId)) < mostLines) return;
  throw new JinduError('unprocessable', `the project has ${mostLines} lines of funding: archive one first`);
}
