import { and, asc, desc, eq, inArray, isNotNull, isNull, type Placeholder, type SQL, sql } from 'drizzle-orm';
import {
  afterKey,
  type Column,
  containing,
  deepestLevel,
  isKnown,
  patternsOf,
  prepared,
  type ReadUnit,
  searchText,
  treeIn,
  type WriteUnit,
} from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Organization, OrganizationKind } from './organization.ts';
import { organizationTables } from './table.ts';

export const organizationTree = treeIn((engine) => organizationTables(engine).organizationTree);

const selectById = prepared((db, engine) => {
  const { organizations: t } = organizationTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

export async function findOrganization(unit: ReadUnit, id: string): Promise<Organization | undefined> {
  const [row] = await selectById(unit, { id });
  return row === undefined ? undefined : organizationOf(row);
}

export async function saveOrganization(unit: WriteUnit, organization: Organization): Promise<void> {
  const { organizations: t } = organizationTables(unit.engine);
  const row = { ...organization, searchText: wordsOf(organization) };
  await unit.db.insert(t).values(row).onConflictDoUpdate({ target: t.id, set: row });
}

/** Keeps where an organization that was made or moved is now; where it was before ends being what we know. */
export async function savePlace(
  unit: WriteUnit,
  { id, revision, parentId }: Pick<Organization, 'id' | 'revision' | 'parentId'>,
): Promise<void> {
  const { organizationPlaces: t } = organizationTables(unit.engine);
  await unit.db
    .update(t)
    .set({ knownUntil: unit.now })
    .where(and(eq(t.organizationId, id), isNull(t.knownUntil)));
  await unit.db
    .insert(t)
    .values({ organizationId: id, revision, parentId, knownFrom: unit.now, knownUntil: null });
}

/** The organization and all above it, from itself upwards, as they were known at a moment; empty if it was not. */
export async function placeKnownAt(unit: ReadUnit, id: string, knownAt: Instant): Promise<string[]> {
  const { organizationPlaces: t } = organizationTables(unit.engine);
  const path: string[] = [];
  let next: string | null = id;
  while (next !== null && path.length < deepestLevel) {
    const [place]: { parentId: string | null }[] = await unit.db
      .select({ parentId: t.parentId })
      .from(t)
      .where(and(eq(t.organizationId, next), isKnown(t.knownFrom, t.knownUntil, knownAt)));
    if (place === undefined) break;
    path.push(next);
    next = place.parentId;
  }
  return path;
}

/** The organization and all that lay below it as it was known at a moment; null: all that were known. */
export async function organizationsKnownWithin(
  unit: ReadUnit,
  id: string | null,
  knownAt: Instant,
): Promise<string[]> {
  const { organizationPlaces: t } = organizationTables(unit.engine);
  const places = await unit.db
    .select({ id: t.organizationId, parentId: t.parentId })
    .from(t)
    .where(isKnown(t.knownFrom, t.knownUntil, knownAt))
    .orderBy(asc(t.organizationId));
  if (id === null) return places.map((place) => place.id);
  const below = Map.groupBy(places, ({ parentId }) => parentId);
  const found = places.filter((place) => place.id === id).map((place) => place.id);
  // What is found is gone through as well, until nothing more lies below it.
  for (const each of found) found.push(...(below.get(each) ?? []).map((place) => place.id));
  return found.sort();
}

/** The organization and all below it, archived ones among them; null: all there are. */
export async function organizationsWithin(unit: ReadUnit, id: string | null): Promise<string[]> {
  const { organizationTree: t } = organizationTables(unit.engine);
  const rows = await unit.db
    .select({ id: t.descendantId })
    .from(t)
    .where(id === null ? eq(t.depth, 0) : eq(t.ancestorId, id))
    .orderBy(asc(t.descendantId));
  return rows.map((row) => row.id);
}

/** An organization that is in use and directly below, if there is one. */
export async function findOrganizationBelow(unit: ReadUnit, parentId: string): Promise<string | undefined> {
  const { organizations: t } = organizationTables(unit.engine);
  const [child] = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.parentId, parentId), isNull(t.archivedAt)))
    .limit(1);
  return child?.id;
}

/** The rows whose `column` names `organizationId` or one below it. */
export function withinOrganization(
  unit: ReadUnit,
  column: Column,
  organizationId: string | Placeholder,
): SQL {
  const { organizationTree: t } = organizationTables(unit.engine);
  return inArray(
    column,
    unit.db.select({ id: t.descendantId }).from(t).where(eq(t.ancestorId, organizationId)),
  );
}

/** The same for what the actor may see; undefined where that is everything. */
export function organizationScope(unit: ReadUnit, actor: Actor, column: Column): SQL | undefined {
  return actor.organizationId === null ? undefined : withinOrganization(unit, column, actor.organizationId);
}

export interface OrganizationFilters {
  parentId?: string;
  within?: string;
  kind?: OrganizationKind;
  q?: string;
  archived: boolean;
}

export type OrganizationSort = 'id' | 'name' | 'createdAt' | 'updatedAt';

/** At most `page.limit + 1` of them. `visibleWithin`: the organization whose subtree the actor sees; null for all. */
export async function listOrganizations(
  unit: ReadUnit,
  filters: OrganizationFilters,
  page: PageRequest<OrganizationSort>,
  visibleWithin: string | null,
): Promise<Organization[]> {
  const { organizations: t } = organizationTables(unit.engine);
  const conditions: (SQL | undefined)[] = [filters.archived ? isNotNull(t.archivedAt) : isNull(t.archivedAt)];
  if (filters.parentId !== undefined) conditions.push(eq(t.parentId, filters.parentId));
  if (filters.kind !== undefined) conditions.push(eq(t.kind, filters.kind));
  if (filters.within !== undefined) conditions.push(withinOrganization(unit, t.id, filters.within));
  if (visibleWithin !== null) conditions.push(withinOrganization(unit, t.id, visibleWithin));
  if (filters.q !== undefined) conditions.push(containing(t.searchText, patternsOf(filters.q)));
  const column = t[page.sort];
  if (page.after !== null) conditions.push(afterKey(column, t.id, page.after, page.descending));
  const direction = page.descending ? desc : asc;
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(...conditions))
    .orderBy(direction(column), direction(t.id))
    .limit(page.limit + 1);
  return rows.map(organizationOf);
}

function organizationOf({
  searchText: _,
  ...organization
}: Organization & { searchText: string }): Organization {
  return organization;
}

function wordsOf({ id, name, description, translations }: Organization): string {
  const translated = Object.values(translations).flatMap((words) => [words.name, words.description]);
  return searchText([id, name, description, ...translated]);
}
