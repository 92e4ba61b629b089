import { and, asc, count, eq, getTableColumns, gt, inArray, isNull, sql } from 'drizzle-orm';
import {
  isKnown,
  prepared,
  type ReadUnit,
  searchTerms,
  searchText,
  treeIn,
  type WriteUnit,
} from '../../database/index.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { withinOrganization } from '../organizations/index.ts';
import type { ShownStanding } from './node.ts';
import { type KeptRow, keptColumns, keptOf } from './node-rows.ts';
import { forgetNode } from './nodes.ts';
import type { Project, ProjectStatus, StatusEntry } from './project.ts';
import { factsOf } from './rules.ts';
import type { KeptStanding } from './sources.ts';
import { projectTables } from './table.ts';

export const projectTree = treeIn((engine) => projectTables(engine).projectTree);

/** A project with where it stands, and what that was made of. */
export interface StandingProject {
  project: Project;
  kept: KeptStanding;
}

/** A project with where it stands, as a list shows it. */
export interface ListedProject {
  project: Project;
  kept: ShownStanding;
}

/** All but what only the search reads. */
export function projectColumns({ projects: t }: ReturnType<typeof projectTables>) {
  const { searchText: _, ...columns } = getTableColumns(t);
  return columns;
}

const selectProject = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projects: t, projectStandings: s } = tables;
  return db
    .select({ ...projectColumns(tables), ...keptColumns(s) })
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

export async function findProject(unit: ReadUnit, id: string): Promise<StandingProject | undefined> {
  const [row] = await selectProject(unit, { id });
  return row === undefined ? undefined : standingProjectOf(row);
}

/** Writes the project's row, its tags and its revision; the tree and the standing are kept by their own. */
export async function saveProject(
  unit: WriteUnit,
  previous: Project | null,
  project: Project,
): Promise<void> {
  const { projects: t, projectTags, projectRevisions } = projectTables(unit.engine);
  const row = { ...project, searchText: wordsOf(project) };
  forgetNode(unit, project.id);
  if (previous === null) await unit.db.insert(t).values(row);
  else await unit.db.update(t).set(row).where(eq(t.id, project.id));
  await saveTerms(unit, project.id, previous === null ? null : wordsOf(previous), row.searchText);

  if (previous !== null) await unit.db.delete(projectTags).where(eq(projectTags.projectId, project.id));
  if (project.tags.length > 0) {
    await unit.db.insert(projectTags).values(project.tags.map((tag) => ({ projectId: project.id, tag })));
  }
  if (previous !== null) {
    await unit.db
      .update(projectRevisions)
      .set({ knownUntil: unit.now })
      .where(and(eq(projectRevisions.projectId, project.id), isNull(projectRevisions.knownUntil)));
  }
  await unit.db.insert(projectRevisions).values({
    projectId: project.id,
    revision: project.revision,
    organizationId: project.organizationId,
    parentId: project.parentId,
    isArchived: project.archivedAt !== null,
    budgetMinor: project.budgetMinor,
    budgetCurrency: project.budgetCurrency,
    quantities: project.quantities,
    weightScaled: project.weightScaled,
    weightBasis: project.weightBasis,
    progressBasis: project.progressBasis,
    cadence: project.cadence,
    startDate: project.startDate,
    endDate: project.endDate,
    knownFrom: unit.now,
    knownUntil: null,
  });
}

/** Writes by which terms the project is found; `before` is the search text that it had. */
async function saveTerms(
  unit: WriteUnit,
  subjectId: string,
  before: string | null,
  after: string,
): Promise<void> {
  if (before === after) return;
  const { projectSearches: t } = projectTables(unit.engine);
  const terms = searchTerms(after);
  if (before === null) await unit.db.insert(t).values({ subjectId, terms });
  else await unit.db.update(t).set({ terms }).where(eq(t.subjectId, subjectId));
}

/** A project that is in use and directly below, if there is one. */
export async function findProjectBelow(unit: ReadUnit, parentId: string): Promise<string | undefined> {
  const { projects: t } = projectTables(unit.engine);
  const [child] = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.parentId, parentId), isNull(t.archivedAt)))
    .limit(1);
  return child?.id;
}

/** A project in use that the organization owns, if there is one. */
export async function findProjectOf(unit: ReadUnit, organizationId: string): Promise<string | undefined> {
  const { projects: t } = projectTables(unit.engine);
  const [owned] = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.organizationId, organizationId), isNull(t.archivedAt)))
    .limit(1);
  return owned?.id;
}

/** The entries that are known now, in the order of their days. */
export async function statusEntries(unit: ReadUnit, projectId: string): Promise<StatusEntry[]> {
  const { projectStatusEntries: t } = projectTables(unit.engine);
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(eq(t.projectId, projectId), isNull(t.knownUntil)))
    .orderBy(asc(t.asOf));
  return rows.map(({ asOf, status, reason, recordedBy, knownFrom }) => ({
    projectId,
    asOf,
    status,
    reason,
    recordedAt: knownFrom,
    recordedBy,
  }));
}

/** Ends what was known of that day, and begins `entry` in its place; null only ends it. */
export async function replaceStatusEntry(
  unit: WriteUnit,
  projectId: string,
  asOf: CalendarDate,
  entry: { status: ProjectStatus; reason: string | null; recordedBy: string } | null,
): Promise<void> {
  const { projectStatusEntries: t } = projectTables(unit.engine);
  await unit.db
    .update(t)
    .set({ knownUntil: unit.now })
    .where(and(eq(t.projectId, projectId), eq(t.asOf, asOf), isNull(t.knownUntil)));
  if (entry === null) return;
  await unit.db.insert(t).values({ projectId, asOf, ...entry, knownFrom: unit.now, knownUntil: null });
}

/** What a project's revision said of its place and of how progress is counted, at some moment. */
export type KnownProject = Pick<
  Project,
  | 'id'
  | 'parentId'
  | 'budgetMinor'
  | 'budgetCurrency'
  | 'quantities'
  | 'weightScaled'
  | 'weightBasis'
  | 'progressBasis'
  | 'cadence'
  | 'startDate'
  | 'endDate'
> & {
  /** Null where that was not kept: before a database was migrated to it. */
  organizationId: string | null;
  isArchived: boolean;
};

/** These projects, or those directly below these, as they were known at a moment (null: now). */
export async function knownProjects(
  unit: ReadUnit,
  which: { ids: readonly string[] } | { parentIds: readonly string[] },
  knownAt: Instant | null,
): Promise<KnownProject[]> {
  const { projectRevisions: t } = projectTables(unit.engine);
  const rows = await unit.db
    .select()
    .from(t)
    .where(
      and(
        'ids' in which ? inArray(t.projectId, [...which.ids]) : inArray(t.parentId, [...which.parentIds]),
        isKnown(t.knownFrom, t.knownUntil, knownAt),
      ),
    );
  return rows.map((row) => ({
    id: row.projectId,
    organizationId: row.organizationId,
    parentId: row.parentId,
    isArchived: row.isArchived,
    budgetMinor: row.budgetMinor,
    budgetCurrency: row.budgetCurrency,
    quantities: row.quantities,
    weightScaled: row.weightScaled,
    weightBasis: row.weightBasis,
    progressBasis: row.progressBasis,
    cadence: row.cadence,
    startDate: row.startDate,
    endDate: row.endDate,
  }));
}

/** The status entries of these projects as they were known at a moment (null: now), by day. */
export async function knownStatuses(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<{ projectId: string; asOf: CalendarDate; status: ProjectStatus }[]> {
  const { projectStatusEntries: t } = projectTables(unit.engine);
  return await unit.db
    .select({ projectId: t.projectId, asOf: t.asOf, status: t.status })
    .from(t)
    .where(and(inArray(t.projectId, [...projectIds]), isKnown(t.knownFrom, t.knownUntil, knownAt)))
    .orderBy(asc(t.asOf));
}

/** Those of the ids whose projects belong to the organization or one below it, in their order. */
export async function visibleProjects(
  unit: ReadUnit,
  organizationId: string,
  ids: readonly string[],
): Promise<string[]> {
  const { projects: t } = projectTables(unit.engine);
  const rows = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(inArray(t.id, [...ids]), withinOrganization(unit, t.organizationId, organizationId)))
    .orderBy(asc(t.id));
  return rows.map((row) => row.id);
}

/** Those of the ids whose projects lie below another of them. */
export async function projectsBelowOthers(unit: ReadUnit, ids: readonly string[]): Promise<Set<string>> {
  const { projectTree: t } = projectTables(unit.engine);
  const rows = await unit.db
    .selectDistinct({ id: t.descendantId })
    .from(t)
    .where(and(inArray(t.descendantId, [...ids]), inArray(t.ancestorId, [...ids]), gt(t.depth, 0)));
  return new Set(rows.map((row) => row.id));
}

/** The same by the places in the tree that were known at a moment. */
export async function knownBelowOthers(
  unit: ReadUnit,
  ids: readonly string[],
  knownAt: Instant,
): Promise<Set<string>> {
  const known = new Map(
    (await knownProjects(unit, { ids }, knownAt)).map((each) => [each.id, each.parentId]),
  );
  const among = new Set(ids);
  const below = new Set<string>();
  // Whoever is still on the way up, and where it is.
  let climbing = [...known];
  while (climbing.length > 0) {
    for (const [id, at] of climbing) if (at !== null && among.has(at)) below.add(id);
    const next = climbing.flatMap(([id, at]) => (at === null || below.has(id) ? [] : [[id, at] as const]));
    const above = [...new Set(next.map(([, at]) => at))];
    const parents = above.length === 0 ? [] : await knownProjects(unit, { ids: above }, knownAt);
    const parentOf = new Map(parents.map((each) => [each.id, each.parentId]));
    climbing = next.map(([id, at]) => [id, parentOf.get(at) ?? null]);
  }
  return below;
}

/** How many projects there are at and below these, each counted once for each of them. */
export async function projectsAtAndBelow(unit: ReadUnit, ids: readonly string[]): Promise<number> {
  const { projectTree: t } = projectTables(unit.engine);
  const [row] = await unit.db
    .select({ projects: count() })
    .from(t)
    .where(inArray(t.ancestorId, [...ids]));
  return Number(row?.projects ?? 0);
}

/** What these projects are called, and how they are tagged. */
export async function namesOf(
  unit: ReadUnit,
  ids: readonly string[],
): Promise<Pick<Project, 'id' | 'title' | 'translations' | 'tags'>[]> {
  const { projects: t } = projectTables(unit.engine);
  return await unit.db
    .select({ id: t.id, title: t.title, translations: t.translations, tags: t.tags })
    .from(t)
    .where(inArray(t.id, [...ids]));
}

/** The root of a tree that comes next after an id, archived ones among them. */
export async function rootAfter(unit: ReadUnit, id: string): Promise<string | undefined> {
  const { projects: t } = projectTables(unit.engine);
  const [root] = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(isNull(t.parentId), gt(t.id, id)))
    .orderBy(asc(t.id))
    .limit(1);
  return root?.id;
}

/** The roots of all trees, archived ones among them. */
export async function rootProjects(unit: ReadUnit): Promise<string[]> {
  const { projects: t } = projectTables(unit.engine);
  const rows = await unit.db.select({ id: t.id }).from(t).where(isNull(t.parentId)).orderBy(asc(t.id));
  return rows.map((row) => row.id);
}

function standingProjectOf(row: Project & KeptRow): StandingProject {
  return { project: projectOf(row), kept: keptOf(row) };
}

/** The project alone, so that what is compared with it and written back is only that. */
function projectOf(row: Project): Project {
  const { id, revision, createdAt, updatedAt, archivedAt } = row;
  return { id, ...factsOf(row), revision, createdAt, updatedAt, archivedAt };
}

function wordsOf({ id, title, description, category, tags, translations }: Project): string {
  const translated = Object.values(translations).flatMap((words) => [words.title, words.description]);
  return searchText([id, title, description, category, ...tags, ...translated]);
}
