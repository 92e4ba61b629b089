import { and, asc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { containing, isKnown, patternsOf, type ReadUnit } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { withinOrganization } from '../organizations/index.ts';
import type { ProjectFilters } from './list.ts';
import type { Project } from './project.ts';
import { projectTables } from './table.ts';

/** Of a project, what counting many of them needs, as it was known at a moment; but for its status, which is today's. */
export type CountedThen = Pick<
  Project,
  | 'id'
  | 'organizationId'
  | 'status'
  | 'weightScaled'
  | 'budgetMinor'
  | 'budgetCurrency'
  | 'quantities'
  | 'cadence'
>;

/** Which projects are meant. What nothing is kept of but today's is asked of today: kind, category, tags and words. */
export interface KnownFilters extends Pick<ProjectFilters, 'kind' | 'category' | 'tag' | 'q'> {
  /** By their owner and parent then; null: whoever that was. At most some hundred. */
  owners: readonly string[] | null;
  /** These alone; null: all. At most some hundred. */
  ids: readonly string[] | null;
  organizationId?: string | undefined;
  parentId?: string | undefined;
  /** The organization in whose subtree they are to lie now; null for wherever. */
  visibleWithin: string | null;
}

/** Those that were known and not archived at a moment: the next of them after an id, by their ids. */
export async function projectsKnownAt(
  unit: ReadUnit,
  { owners, ids, organizationId, parentId, kind, category, tag, q, visibleWithin }: KnownFilters,
  knownAt: Instant,
  { afterId, limit }: { afterId: string | null; limit: number },
): Promise<CountedThen[]> {
  const { projects: t, projectRevisions: r, projectTags } = projectTables(unit.engine);
  const conditions: (SQL | undefined)[] = [
    isKnown(r.knownFrom, r.knownUntil, knownAt),
    eq(r.isArchived, false),
  ];
  if (owners !== null) conditions.push(inArray(r.organizationId, [...owners]));
  if (ids !== null) conditions.push(inArray(r.projectId, [...ids]));
  if (organizationId !== undefined) conditions.push(eq(r.organizationId, organizationId));
  if (parentId !== undefined) conditions.push(eq(r.parentId, parentId));
  if (kind !== undefined) conditions.push(eq(t.kind, kind));
  if (category !== undefined) conditions.push(eq(t.category, category));
  if (q !== undefined) conditions.push(containing(t.searchText, patternsOf(q)));
  if (tag !== undefined) {
    const isTagged = and(eq(projectTags.projectId, t.id), eq(projectTags.tag, tag));
    conditions.push(
      sql`exists ${unit.db.select({ id: projectTags.projectId }).from(projectTags).where(isTagged)}`,
    );
  }
  if (visibleWithin !== null) conditions.push(withinOrganization(unit, t.organizationId, visibleWithin));
  if (afterId !== null) conditions.push(gt(r.projectId, afterId));
  const rows = await unit.db
    .select({
      id: t.id,
      ownerThen: r.organizationId,
      ownerNow: t.organizationId,
      status: t.status,
      weightScaled: r.weightScaled,
      budgetMinor: r.budgetMinor,
      budgetCurrency: r.budgetCurrency,
      quantities: r.quantities,
      cadence: r.cadence,
    })
    .from(r)
    .innerJoin(t, eq(t.id, r.projectId))
    .where(and(...conditions))
    .orderBy(asc(r.projectId))
    .limit(limit);
  return rows.map(({ ownerThen, ownerNow, ...row }) => ({ ...row, organizationId: ownerThen ?? ownerNow }));
}
