import {
  type AnyColumn,
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { afterKey, isKnown, prepared, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { withinOrganization } from '../organizations/index.ts';
import { projectTables } from '../projects/index.ts';
import type { CountedMilestone, Milestone, MilestoneStatus, MilestoneType } from './milestone.ts';
import { milestoneTables } from './table.ts';

type Table = ReturnType<typeof milestoneTables>['milestones'];

/** After every day that is due. */
const noDueDate: CalendarDate = '9999-12-31';

/** All but what only lists and searches go by. */
function milestoneColumns(t: Table) {
  const { dueOrder: _, closedOn: __, daysGained: ___, ...columns } = getTableColumns(t);
  return columns;
}

const selectCurrent = prepared((db, engine) => {
  const { milestones: t } = milestoneTables(engine);
  return db
    .select(milestoneColumns(t))
    .from(t)
    .where(
      and(
        eq(t.projectId, sql.placeholder('projectId')),
        eq(t.id, sql.placeholder('id')),
        isNull(t.supersededAt),
      ),
    )
    .prepare();
});

/** The current revision, be it archived. */
export async function findMilestone(
  unit: ReadUnit,
  projectId: string,
  id: string,
): Promise<Milestone | undefined> {
  const [row] = await selectCurrent(unit, { projectId, id });
  return row;
}

/** Adds a revision; the one before it, if there is one, ends being what we know. */
export async function addRevision(unit: WriteUnit, milestone: Milestone): Promise<void> {
  const { milestones: t } = milestoneTables(unit.engine);
  const { projectId, id, revision, dueDate, firstDueDate, status, metBy } = milestone;
  if (revision > 1) {
    await unit.db
      .update(t)
      .set({ supersededAt: unit.now })
      .where(and(eq(t.projectId, projectId), eq(t.id, id), isNull(t.supersededAt)));
  }
  await unit.db.insert(t).values({
    ...milestone,
    dueOrder: dueDate ?? noDueDate,
    closedOn: status === 'met' ? metBy : null,
    daysGained: firstDueDate === null || dueDate === null ? null : daysBetween(dueDate, firstDueDate),
  });
}

export type MilestoneSort = 'dueDate' | 'id' | 'updatedAt';

export interface MilestoneFilters {
  status?: MilestoneStatus;
  type?: MilestoneType;
  dueFrom?: CalendarDate;
  dueTo?: CalendarDate;
  archived: boolean;
}

/** The current revisions of a project's milestones, at most `page.limit + 1`. */
export async function listMilestones(
  unit: ReadUnit,
  projectId: string,
  filters: MilestoneFilters,
  page: PageRequest<MilestoneSort>,
): Promise<Milestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const conditions: (SQL | undefined)[] = [
    eq(t.projectId, projectId),
    isNull(t.supersededAt),
    filters.archived ? isNotNull(t.archivedAt) : isNull(t.archivedAt),
  ];
  if (filters.status !== undefined) conditions.push(eq(t.status, filters.status));
  if (filters.type !== undefined) conditions.push(eq(t.type, filters.type));
  if (filters.dueFrom !== undefined) conditions.push(gte(t.dueDate, filters.dueFrom));
  if (filters.dueTo !== undefined) conditions.push(lte(t.dueDate, filters.dueTo));
  const column = { dueDate: t.dueOrder, id: t.id, updatedAt: t.recordedAt }[page.sort];
  if (page.after !== null) conditions.push(afterKey(column, t.id, page.after, page.descending));
  const direction = page.descending ? desc : asc;
  return await unit.db
    .select(milestoneColumns(t))
    .from(t)
    .where(and(...conditions))
    .orderBy(direction(column), direction(t.id))
    .limit(page.limit + 1);
}

/** The place of a milestone in a list, as its cursor holds it. */
export function sortValueOf({ dueDate, id, recordedAt }: Milestone, sort: MilestoneSort): string {
  return { dueDate: dueDate ?? noDueDate, id, updatedAt: recordedAt }[sort];
}

/** Every revision of one milestone, the newest first. */
export async function revisionsOf(unit: ReadUnit, projectId: string, id: string): Promise<Milestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  return await unit.db
    .select(milestoneColumns(t))
    .from(t)
    .where(and(eq(t.projectId, projectId), eq(t.id, id)))
    .orderBy(desc(t.revision));
}

/** Of some of a project's milestones, when each due date was told and why, by revision. */
export async function dueDateRevisions(
  unit: ReadUnit,
  projectId: string,
  ids: readonly string[],
): Promise<Pick<Milestone, 'id' | 'revision' | 'dueDate' | 'recordedAt' | 'reason'>[]> {
  if (ids.length === 0) return [];
  const { milestones: t } = milestoneTables(unit.engine);
  return await unit.db
    .select({
      id: t.id,
      revision: t.revision,
      dueDate: t.dueDate,
      recordedAt: t.recordedAt,
      reason: t.reason,
    })
    .from(t)
    .where(and(eq(t.projectId, projectId), inArray(t.id, [...ids])))
    .orderBy(asc(t.id), asc(t.revision));
}

/** Of all milestones of these projects, the due dates that were told, by revision. At most some hundred projects a call. */
export async function dueDatesTold(
  unit: ReadUnit,
  projectIds: readonly string[],
): Promise<Pick<Milestone, 'projectId' | 'id' | 'dueDate' | 'recordedAt' | 'archivedAt'>[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const { projectId, id, dueDate, recordedAt, archivedAt } = t;
  return await unit.db
    .select({ projectId, id, dueDate, recordedAt, archivedAt })
    .from(t)
    .where(inArray(t.projectId, [...projectIds]))
    .orderBy(asc(t.projectId), asc(t.id), asc(t.revision));
}

/**
 * What counts of these projects' milestones, as it was known at a moment (null: now). At most some hundred projects a
 * call: an engine has a bound on what one query may carry.
 */
export async function countedMilestones(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<CountedMilestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  return await unit.db
    .select({ projectId: t.projectId, weightScaled: t.weightScaled, status: t.status, metBy: t.metBy })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        isKnown(t.recordedAt, t.supersededAt, knownAt),
        isNull(t.archivedAt),
      ),
    );
}

/** The milestones of a project that were in use, as they were known at a moment (null: now), by due date. */
export async function knownMilestones(
  unit: ReadUnit,
  projectId: string,
  knownAt: Instant | null,
): Promise<Milestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  return await unit.db
    .select(milestoneColumns(t))
    .from(t)
    .where(
      and(eq(t.projectId, projectId), isKnown(t.recordedAt, t.supersededAt, knownAt), isNull(t.archivedAt)),
    )
    .orderBy(asc(t.dueOrder), asc(t.id));
}

/** A milestone that is due on a day, and by which day it was met. */
export type DueMilestone = Pick<Milestone, 'projectId' | 'id' | 'title' | 'status' | 'metBy'> & {
  dueDate: CalendarDate;
};

/**
 * The milestones of these projects that were in use and had a due date, as they were known at a moment (null: now), by due
 * date. At most some hundred projects a call.
 */
export async function dueMilestonesIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<DueMilestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const rows = await unit.db
    .select({
      projectId: t.projectId,
      id: t.id,
      title: t.title,
      status: t.status,
      metBy: t.metBy,
      dueDate: t.dueDate,
    })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        isKnown(t.recordedAt, t.supersededAt, knownAt),
        isNull(t.archivedAt),
        isNotNull(t.dueDate),
      ),
    )
    .orderBy(asc(t.projectId), asc(t.dueDate), asc(t.id));
  return rows.flatMap(({ dueDate, ...row }) => (dueDate === null ? [] : [{ ...row, dueDate }]));
}

/** Which projects a question is about; all unless told. */
export interface Scope {
  /** An organization, with all below it. */
  within?: string | undefined;
  /** A programme or project, with all below it. */
  withinProject?: string | undefined;
  /** The organization whose subtree the asker sees; null for all. */
  visibleWithin: string | null;
  /** What else is asked of the projects, in words of their table or that of their standings. */
  among?: ((unit: ReadUnit) => SQL | undefined) | undefined;
}

/** A milestone that is not met and later than it was first due. */
export interface SlippedMilestone {
  projectId: string;
  milestoneId: string;
  days: number;
}

/**
 * The milestones that were open on a day and, by what is known now, are late against their first due date: from it to
 * that day, or to the due date now if this is later. Worst first, at most `limit`.
 *
 * The larger of two numbers is among the largest of one or the other, so each is read along its own index.
 */
export async function slippedOn(
  unit: ReadUnit,
  scope: Scope,
  day: CalendarDate,
  limit: number,
): Promise<SlippedMilestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const found = new Map<string, SlippedMilestone>();
  for (const open of [isNull(t.closedOn), gt(t.closedOn, day)]) {
    const late = [
      ...(await latest(unit, scope, {
        where: and(open, lt(t.firstDueDate, day)),
        by: t.firstDueDate,
        limit,
      })),
      ...(await latest(unit, scope, { where: and(open, lt(t.daysGained, 0)), by: t.daysGained, limit })),
    ];
    for (const slip of late.flatMap((row) => slipOf(row, day)))
      found.set(`${slip.projectId}/${slip.milestoneId}`, slip);
  }
  return [...found.values()].sort(worstFirst).slice(0, limit);
}

/**
 * The same of these projects, by what was known at a moment, all of them in no order. At most some hundred projects a
 * call.
 */
export async function slippedAsKnown(
  unit: ReadUnit,
  projectIds: readonly string[],
  day: CalendarDate,
  knownAt: Instant,
): Promise<SlippedMilestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const { projectId, firstDueDate, daysGained } = t;
  const rows = await unit.db
    .select({ projectId, milestoneId: t.id, firstDueDate, daysGained })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        isKnown(t.recordedAt, t.supersededAt, knownAt),
        isNull(t.archivedAt),
        or(isNull(t.closedOn), gt(t.closedOn, day)),
        or(lt(t.firstDueDate, day), lt(t.daysGained, 0)),
      ),
    );
  return rows.flatMap((row) => slipOf(row, day));
}

interface LateRow {
  projectId: string;
  milestoneId: string;
  firstDueDate: CalendarDate | null;
  daysGained: number | null;
}

function slipOf(
  { projectId, milestoneId, firstDueDate, daysGained }: LateRow,
  day: CalendarDate,
): SlippedMilestone[] {
  if (firstDueDate === null) return [];
  return [{ projectId, milestoneId, days: Math.max(daysBetween(firstDueDate, day), -(daysGained ?? 0)) }];
}

interface Lateness {
  where: SQL | undefined;
  by: AnyColumn;
  limit: number;
}

/** At most so many are looked at along an index before what lies within the scope is gathered. */
const lookedAt = 500;

/** No index has what lies within something in this order: so first a look along the order, where it soon is found. */
async function latest(unit: ReadUnit, scope: Scope, lateness: Lateness): Promise<LateRow[]> {
  const { limit } = lateness;
  const along = await lateRows(unit, { ...lateness, limit: lookedAt });
  const ids = new Set(await countedProjects(unit, scope, [...new Set(along.map((row) => row.projectId))]));
  const found = along.filter((row) => ids.has(row.projectId));
  if (found.length >= limit || along.length < lookedAt) return found.slice(0, limit);
  return await lateRows(unit, lateness, scope);
}

async function lateRows(
  unit: ReadUnit,
  { where, by, limit }: Lateness,
  scope: Scope | null = null,
): Promise<LateRow[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const conditions = [isNull(t.supersededAt), isNull(t.archivedAt), where];
  if (scope !== null) conditions.push(inArray(t.projectId, countedWithin(unit, scope)));
  return await unit.db
    .select({
      projectId: t.projectId,
      milestoneId: t.id,
      firstDueDate: t.firstDueDate,
      daysGained: t.daysGained,
    })
    .from(t)
    .where(and(...conditions))
    .orderBy(asc(by), asc(t.projectId), asc(t.id))
    .limit(limit);
}

async function countedProjects(unit: ReadUnit, scope: Scope, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { projects } = projectTables(unit.engine);
  return (await countedWithin(unit, scope, inArray(projects.id, [...ids]))).map(({ id }) => id);
}

/** The projects of the scope that count: not archived, not cancelled. */
export function countedWithin(unit: ReadUnit, scope: Scope, condition?: SQL) {
  const { projects, projectStandings: s } = projectTables(unit.engine);
  return unit.db
    .select({ id: projects.id })
    .from(projects)
    .innerJoin(s, eq(s.projectId, projects.id))
    .where(and(condition, eq(s.counts, true), ...scopeConditions(unit, scope)));
}

/** In the order in which the database has those that are equally late. */
export function worstFirst(one: SlippedMilestone, other: SlippedMilestone): number {
  if (one.days !== other.days) return other.days - one.days;
  if (one.projectId !== other.projectId) return one.projectId < other.projectId ? -1 : 1;
  return one.milestoneId < other.milestoneId ? -1 : 1;
}

function scopeConditions(
  unit: ReadUnit,
  { within, withinProject, visibleWithin, among }: Scope,
): (SQL | undefined)[] {
  const { projects, projectTree } = projectTables(unit.engine);
  const conditions = [among?.(unit)];
  if (within !== undefined) conditions.push(withinOrganization(unit, projects.organizationId, within));
  if (visibleWithin !== null)
    conditions.push(withinOrganization(unit, projects.organizationId, visibleWithin));
  if (withinProject !== undefined) {
    const below = unit.db
      .select({ id: projectTree.descendantId })
      .from(projectTree)
      .where(eq(projectTree.ancestorId, withinProject));
    conditions.push(inArray(projects.id, below));
  }
  return conditions;
}
