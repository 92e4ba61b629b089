import type { Static } from '@sinclair/typebox';
import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { type ReportRevision, recordChange, revisionKey } from '../changes/index.ts';
import {
  assertInUse,
  type DonePart,
  decodeRecent,
  doneWith,
  encodeRecent,
  getNode,
  newestRecentDay,
  type OwnReport,
  type ProjectNode,
  type RecentPercents,
  recentAtMost,
  recentWith,
  type Spent,
  saysDone,
  settleReports,
} from '../projects/index.ts';
import type { Report } from './report.ts';
import {
  assertDoesNotFall,
  assertNotFuture,
  assertQuantityDoesNotFall,
  assertSaysSomething,
  assertWithinScope,
  boundingQualifiers,
  revised,
  type Said,
} from './rules.ts';
import { type ReportShape, shapeOf } from './schemas.ts';
import {
  addRevision,
  doneSinceInForce,
  findNeighbour,
  findQuantityNeighbour,
  findReport,
  findRevisions,
  listReports,
  newestPercents,
  type ReportSort,
  revisionsOf,
} from './store.ts';

const missing = 'there is no report of that day';

/** @throws JinduError `not_found` */
export async function getReport(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  asOf: CalendarDate,
): Promise<Report> {
  await getNode(unit, actor, projectId);
  const report = await findReport(unit, projectId, asOf);
  if (report === undefined) throw new JinduError('not_found', missing);
  return report;
}

/** @throws JinduError `not_found` */
export async function getRevisions(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  asOf: CalendarDate,
): Promise<Report[]> {
  await getNode(unit, actor, projectId);
  const revisions = await revisionsOf(unit, projectId, asOf);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** These revisions as clients see them, for the record of changes; by the key that it finds them by. */
export async function revisionsOfReports(
  unit: ReadUnit,
  wanted: readonly ReportRevision[],
): Promise<ReadonlyMap<string, Static<typeof ReportShape>>> {
  const found = new Map<string, Static<typeof ReportShape>>();
  for (const report of await findRevisions(unit, wanted)) {
    const { projectId, asOf, revision } = report;
    found.set(revisionKey({ reportId: `${projectId}/${asOf}`, revision }), shapeOf(report));
  }
  return found;
}

/** @throws JinduError `not_found` */
export async function pageOfReports(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  filters: { from?: CalendarDate; to?: CalendarDate; withdrawn: boolean },
  page: PageRequest<ReportSort>,
): Promise<Page<Report>> {
  await getNode(unit, actor, projectId);
  const rows = await listReports(unit, projectId, filters, page);
  return pageOfRows(
    page,
    rows,
    (row) => ({ value: row.asOf, id: row.asOf }),
    (row) => row,
  );
}

/**
 * Takes in what is said of a project and a day. Every refusal comes before the first write, so a refused report leaves
 * nothing even inside a larger unit of work.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `future_date`, `unprocessable`, `progress_falls`, `validation_failed`
 */
export async function putReport(
  unit: WriteUnit,
  actor: Actor,
  said: Said,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ report: Report; verdict: Verdict }> {
  const { projectId, asOf, facts } = said;
  assertSaysSomething(facts);
  assertNotFuture(said, today);
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const present = await presentReport(unit, node, asOf);
  assertExpected(expectation, present?.revision ?? null);
  const next = revised(present, said, unit.now, actor.name);
  if (next.verdict === 'unchanged') return next;
  assertWithinScope(facts, node.quantities);
  await assertFallsNowhere(unit, node, said);
  await keep(unit, actor, node, present, next.report, next.verdict === 'created' ? 'created' : 'corrected');
  return next;
}

/**
 * As {@link putReport}, for who means to say something new: another report of the same day is not corrected.
 * @throws JinduError `conflict` where a different one is there
 */
export async function postReport(
  unit: WriteUnit,
  actor: Actor,
  said: Said,
  today: CalendarDate,
): Promise<{ report: Report; verdict: Verdict }> {
  const node = await getNode(unit, actor, said.projectId);
  const present = await presentReport(unit, node, said.asOf);
  const isInForce = present !== null && !present.withdrawn;
  if (isInForce && revised(present, said, unit.now, actor.name).verdict !== 'unchanged') {
    throw new JinduError('conflict', `there is another report of ${said.asOf}: correct it with PUT`, [
      { pointer: '/asOf', code: 'taken', message: 'must be a day without a report; PUT corrects' },
    ]);
  }
  return await putReport(unit, actor, said, { revisions: null, absent: false }, today);
}

/**
 * Takes a report back: it no longer counts, and stays readable. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function withdrawReport(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  asOf: CalendarDate,
  reason: string | null,
  expectation: Expectation,
): Promise<{ report: Report; verdict: Verdict }> {
  const node = await getNode(unit, actor, projectId);
  const present = await findReport(unit, projectId, asOf);
  if (present === undefined) throw new JinduError('not_found', missing);
  assertInUse(node);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { report: present, verdict: 'unchanged' };
  const report = withdrawnRevision(present, reason, unit.now, actor.name);
  await keep(unit, actor, node, present, report, 'withdrawn');
  return { report, verdict: 'withdrawn' };
}

/** What was said of the day until now. Most reports are of a newer day than all others, and need no question. */
async function presentReport(
  unit: ReadUnit,
  { id, kept: { newestReportAsOf } }: ProjectNode,
  asOf: CalendarDate,
): Promise<Report | null> {
  if (newestReportAsOf === null || asOf > newestReportAsOf) return null;
  return (await findReport(unit, id, asOf)) ?? null;
}

async function assertFallsNowhere(unit: WriteUnit, node: ProjectNode, said: Said): Promise<void> {
  if (said.facts.reason !== null) return;
  await assertPercentFallsNowhere(unit, node, said);
  for (const quantity of said.facts.quantities) await assertQuantityFallsNowhere(unit, node, said, quantity);
}

async function assertPercentFallsNowhere(
  unit: WriteUnit,
  { kept: { own } }: ProjectNode,
  said: Said,
): Promise<void> {
  const { projectId, asOf, facts } = said;
  if (facts.percentHundredths === null || own === null) return;
  // What is kept is the newest that was said, and so the neighbour of whatever is newer.
  const isNeighbour = own.asOf < asOf && boundingQualifiers.before.includes(own.qualifier);
  const before = isNeighbour ? own : await findNeighbour(unit, projectId, asOf, 'before', 'bound');
  const after = own.asOf > asOf ? await findNeighbour(unit, projectId, asOf, 'after', 'bound') : null;
  assertDoesNotFall(said, before, after);
}

async function assertQuantityFallsNowhere(
  unit: WriteUnit,
  { kept: { done } }: ProjectNode,
  said: Said,
  quantity: { code: string; valueScaled: number },
): Promise<void> {
  const { projectId, asOf } = said;
  const newest = done.find((part) => part.code === quantity.code);
  if (newest === undefined) return;
  const neighbour = async (direction: 'before' | 'after') => {
    const found = await findQuantityNeighbour(unit, projectId, asOf, direction, quantity.code);
    if (found === null) return null;
    const { report, valueScaled } = found;
    return { valueScaled, asOf: report.asOf, reason: report.reason };
  };
  const before = newest.asOf < asOf ? newest : await neighbour('before');
  const after = newest.asOf > asOf ? await neighbour('after') : null;
  assertQuantityDoesNotFall(said, quantity, before, after);
}

async function keep(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  present: Report | null,
  report: Report,
  action: 'created' | 'corrected' | 'withdrawn',
): Promise<void> {
  await addRevision(unit, report);
  const own = await ownAfter(unit, node, report);
  const recent = await recentAfter(unit, node, present, report);
  const spent = await spentAfter(unit, node, report);
  const done = await doneAfter(unit, node, present, report);
  const ownSaidAsOf = await ownSaidAfter(unit, node, report);
  const { kept } = node;
  const isNewest = kept.newestReportAsOf === null || report.asOf > kept.newestReportAsOf;
  const newestReportAsOf = isNewest ? report.asOf : kept.newestReportAsOf;
  const told = { own, recent, spent, done, ownSaidAsOf, newestReportAsOf };
  if (toldNames.some((name) => told[name] !== kept[name])) await settleReports(unit, node, told);
  await recordChange(unit, actor, {
    action,
    subjectType: 'report',
    subjectId: `${report.projectId}/${report.asOf}`,
    organizationId: node.organizationId,
    reason: report.reason,
    revision: report.revision,
  });
}

const toldNames = ['own', 'recent', 'spent', 'done', 'ownSaidAsOf', 'newestReportAsOf'] as const;

/** The newest report that says a percent, once `report` is kept; the same object when it is still the one before. */
async function ownAfter(unit: WriteUnit, node: ProjectNode, report: Report): Promise<OwnReport | null> {
  const { own } = node.kept;
  const newest = await newestAfter(unit, node, report);
  if (newest === null || !saysDone(newest)) return newest;
  const doneSince = await doneSinceAfter(unit, own, report, newest);
  return doneSince === newest.doneSince ? newest : { ...newest, doneSince };
}

async function newestAfter(
  unit: WriteUnit,
  { kept: { own } }: ProjectNode,
  report: Report,
): Promise<OwnReport | null> {
  if (own !== null && own.asOf > report.asOf) return own;
  if (saysPercent(report)) return ownReportOf(report);
  if (own === null || own.asOf < report.asOf) return own;
  const earlier = await findNeighbour(unit, report.projectId, report.asOf, 'before', 'percent');
  return earlier !== null && saysPercent(earlier) ? ownReportOf(earlier) : null;
}

/** Only what is said of an earlier day than the newest needs a look at the history. */
async function doneSinceAfter(
  unit: WriteUnit,
  before: OwnReport | null,
  report: Report,
  newest: OwnReport,
): Promise<CalendarDate | null> {
  if (newest === before && report.asOf > newest.asOf) return before.doneSince;
  if (before === null || before.asOf < newest.asOf) return before?.doneSince ?? newest.asOf;
  const [since] = await doneSinceInForce(unit, [report.projectId], newest.asOf, null);
  return since?.doneSince ?? null;
}

/** What the newest reports say, in the same way; `present` is what the report said before. */
async function recentAfter(
  unit: WriteUnit,
  { kept }: ProjectNode,
  present: Report | null,
  report: Report,
): Promise<RecentPercents> {
  const { asOf } = report;
  const wasSaid = present !== null && saysPercent(present);
  if (!wasSaid && !saysPercent(report)) return kept.recent;
  const newest = newestRecentDay(kept.recent);
  if (saysPercent(report) && (newest === null || asOf > newest))
    return recentWith(kept.recent, { asOf, percentHundredths: report.percentHundredths });
  const recent = decodeRecent(kept.recent);
  const [oldest] = recent;
  if (oldest !== undefined && recent.length === recentAtMost && asOf < oldest.asOf) return kept.recent;
  return encodeRecent((await newestPercents(unit, report.projectId, lastDay, null, recentAtMost)).reverse());
}

const lastDay = '9999-12-31';

/** The newest that says money spent, in the same way. */
async function spentAfter(
  unit: WriteUnit,
  { kept: { spent } }: ProjectNode,
  report: Report,
): Promise<Spent | null> {
  if (spent !== null && spent.asOf > report.asOf) return spent;
  const said = report.withdrawn ? null : spentOf(report);
  if (said !== null || spent === null || spent.asOf < report.asOf) return said ?? spent;
  const earlier = await findNeighbour(unit, report.projectId, report.asOf, 'before', 'spent');
  return earlier === null ? null : spentOf(earlier);
}

/** How much is done of each quantity, in the same way. `present` is what the report said before. */
async function doneAfter(
  unit: WriteUnit,
  { kept: { done } }: ProjectNode,
  present: Report | null,
  report: Report,
): Promise<readonly DonePart[]> {
  if (report.quantities.length === 0 && (present === null || present.quantities.length === 0)) return done;
  const codes = new Set([...(present?.quantities ?? []), ...report.quantities].map(({ code }) => code));
  let after = done;
  for (const code of codes) {
    const newest = done.find((part) => part.code === code);
    if (newest !== undefined && newest.asOf > report.asOf) continue;
    const next = report.withdrawn ? undefined : report.quantities.find((quantity) => quantity.code === code);
    if (next !== undefined) {
      after = doneWith(after, { quantities: [next], asOf: report.asOf, revision: report.revision });
    } else if (newest?.asOf === report.asOf) {
      const earlier = await findQuantityNeighbour(unit, report.projectId, report.asOf, 'before', code);
      const others = after.filter((part) => part.code !== code);
      after =
        earlier === null
          ? others
          : doneWith(others, {
              quantities: [{ code, valueScaled: earlier.valueScaled }],
              asOf: earlier.report.asOf,
              revision: earlier.report.revision,
            });
    }
  }
  return after;
}

/** The newest day of which a report in force says anything, in the same way. */
async function ownSaidAfter(
  unit: WriteUnit,
  { kept: { ownSaidAsOf } }: ProjectNode,
  report: Report,
): Promise<CalendarDate | null> {
  if (ownSaidAsOf !== null && ownSaidAsOf > report.asOf) return ownSaidAsOf;
  if (!report.withdrawn) return report.asOf;
  if (ownSaidAsOf === null || ownSaidAsOf < report.asOf) return ownSaidAsOf;
  const earlier = await findNeighbour(unit, report.projectId, report.asOf, 'before', 'anything');
  return earlier?.asOf ?? null;
}

function saysPercent(report: Report): report is Report & { percentHundredths: number } {
  return !report.withdrawn && report.percentHundredths !== null;
}

/** The money that a report says was spent by its day; null if it says none. */
export function spentOf({ spentMinor, spentCurrency, asOf }: Report): Spent | null {
  if (spentMinor === null || spentCurrency === null) return null;
  return { amountMinor: spentMinor, currency: spentCurrency, asOf };
}

/** A report that says a percent, as far as a standing needs it; since when all is done is not in it. */
export function ownReportOf(report: Report & { percentHundredths: number }): OwnReport {
  const { percentHundredths, qualifier, stated, asOf, revision } = report;
  return { percentHundredths, qualifier, stated, asOf, revision, doneSince: null };
}
