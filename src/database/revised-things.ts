import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  inArray,
  isNotNull,
  isNull,
  type SQL,
} from 'drizzle-orm';
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Instant } from '../shared/clock.ts';
import type { RevisedThing } from '../shared/revised-thing.ts';
import type { Engine } from './columns.ts';
import { afterKey, isKnown } from './conditions.ts';
import type { ReadUnit, WriteUnit } from './unit.ts';

/** So many projects are asked about by one query: an engine has a bound on what it may carry. */
const projectsAtATime = 500;

/** The queries over a table of {@link RevisedThing}s, whose columns have their names. */
export function revisedThings<Thing extends RevisedThing>(tableIn: (engine: Engine) => SQLiteTable) {
  const tableOf = (engine: Engine) => {
    const table = tableIn(engine);
    const t = getTableColumns(table) as Record<string, AnySQLiteColumn>;
    return { table, column: (name: keyof Thing & string) => t[name] as AnySQLiteColumn };
  };

  return {
    /** The revision that was known at a moment (null: now), be it archived. */
    async find(
      unit: ReadUnit,
      projectId: string,
      id: string,
      knownAt: Instant | null = null,
    ): Promise<Thing | undefined> {
      const { table, column } = tableOf(unit.engine);
      const rows = await unit.db
        .select()
        .from(table)
        .where(
          and(
            eq(column('projectId'), projectId),
            eq(column('id'), id),
            isKnown(column('recordedAt'), column('supersededAt'), knownAt),
          ),
        );
      return (rows as Thing[])[0];
    },

    /** Adds a revision; the one before it, if there is one, ends being what we know. */
    async add(unit: WriteUnit, thing: Thing): Promise<void> {
      const { table, column } = tableOf(unit.engine);
      if (thing.revision > 1) {
        await unit.db
          .update(table)
          .set({ supersededAt: unit.now } as never)
          .where(
            and(
              eq(column('projectId'), thing.projectId),
              eq(column('id'), thing.id),
              isNull(column('supersededAt')),
            ),
          );
      }
      await unit.db.insert(table).values(thing as never);
    },

    /** A project's things as they were known at a moment (null: now), in the order of a page, at most `limit + 1`. */
    async list(
      unit: ReadUnit,
      projectId: string,
      filters: { archived: boolean; knownAt?: Instant | null; conditions?: (SQL | undefined)[] },
      page: {
        by: keyof Thing & string;
        descending: boolean;
        after: { value: string | number; id: string | number } | null;
        limit: number;
      },
    ): Promise<Thing[]> {
      const { table, column } = tableOf(unit.engine);
      const conditions = [
        eq(column('projectId'), projectId),
        isKnown(column('recordedAt'), column('supersededAt'), filters.knownAt ?? null),
        filters.archived ? isNotNull(column('archivedAt')) : isNull(column('archivedAt')),
        ...(filters.conditions ?? []),
      ];
      if (page.after !== null)
        conditions.push(afterKey(column(page.by), column('id'), page.after, page.descending));
      const direction = page.descending ? desc : asc;
      const rows = await unit.db
        .select()
        .from(table)
        .where(and(...conditions))
        .orderBy(direction(column(page.by)), direction(column('id')))
        .limit(page.limit + 1);
      return rows as Thing[];
    },

    /** How many of a project's things are in use. */
    async countInUse(unit: ReadUnit, projectId: string): Promise<number> {
      const { table, column } = tableOf(unit.engine);
      const [row] = await unit.db
        .select({ count: count() })
        .from(table)
        .where(
          and(
            eq(column('projectId'), projectId),
            isNull(column('supersededAt')),
            isNull(column('archivedAt')),
          ),
        );
      return row?.count ?? 0;
    },

    /** What these projects had in use, as it was known at a moment (null: now), by id. */
    async inUseIn(unit: ReadUnit, projectIds: readonly string[], knownAt: Instant | null): Promise<Thing[]> {
      const { table, column } = tableOf(unit.engine);
      const found: Thing[] = [];
      for (let from = 0; from < projectIds.length; from += projectsAtATime) {
        const rows = await unit.db
          .select()
          .from(table)
          .where(
            and(
              inArray(column('projectId'), projectIds.slice(from, from + projectsAtATime)),
              isKnown(column('recordedAt'), column('supersededAt'), knownAt),
              isNull(column('archivedAt')),
            ),
          )
          .orderBy(asc(column('projectId')), asc(column('id')));
        for (const row of rows as Thing[]) found.push(row);
      }
      return found;
    },

    /** Every revision of one thing, the newest first. */
    async revisionsOf(unit: ReadUnit, projectId: string, id: string): Promise<Thing[]> {
      const { table, column } = tableOf(unit.engine);
      const rows = await unit.db
        .select()
        .from(table)
        .where(and(eq(column('projectId'), projectId), eq(column('id'), id)))
        .orderBy(desc(column('revision')));
      return rows as Thing[];
    },
  };
}
