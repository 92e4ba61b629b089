import { and, asc, desc, eq, getTableColumns, gte, inArray, isNull, lte, type SQL } from 'drizzle-orm';
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { CalendarDate } from '../shared/calendar-date.ts';
import type { Instant } from '../shared/clock.ts';
import type { DatedStatement } from '../shared/dated-statement.ts';
import type { Engine } from './columns.ts';
import { afterKey, isKnown } from './conditions.ts';
import type { ReadUnit, WriteUnit } from './unit.ts';

/** So many projects are asked about by one query: an engine has a bound on what it may carry. */
const projectsAtATime = 500;

/**
 * The queries over a table of statements, whose columns are those of {@link DatedStatement}, a `projectId`, and `owner`,
 * the columns by which is known what a statement speaks of (`projectId` among them).
 */
export function datedStatements<
  Statement extends DatedStatement & { projectId: string },
  Owner extends keyof Statement & string,
>(tableIn: (engine: Engine) => SQLiteTable, owner: readonly Owner[]) {
  type OwnerKey = Pick<Statement, Owner>;
  type Key = OwnerKey & { asOf: CalendarDate };

  const tableOf = (engine: Engine) => {
    const table = tableIn(engine);
    return { table, t: getTableColumns(table) as Record<string, AnySQLiteColumn> };
  };
  const column = (t: Record<string, AnySQLiteColumn>, name: string) => t[name] as AnySQLiteColumn;
  const isOf = (t: Record<string, AnySQLiteColumn>, key: Partial<OwnerKey>) =>
    owner.map((name) => (key[name] === undefined ? undefined : eq(column(t, name), key[name])));
  const isOn = (t: Record<string, AnySQLiteColumn>, key: Key) =>
    and(...isOf(t, key), eq(column(t, 'asOf'), key.asOf));
  const inForce = (
    t: Record<string, AnySQLiteColumn>,
    upTo: CalendarDate | null,
    knownAt: Instant | null,
  ): (SQL | undefined)[] => [
    upTo === null ? undefined : lte(column(t, 'asOf'), upTo),
    isKnown(column(t, 'recordedAt'), column(t, 'supersededAt'), knownAt),
    eq(column(t, 'withdrawn'), false),
  ];

  return {
    /** The revision that was known at a moment (null: now), be it withdrawn. */
    async find(unit: ReadUnit, key: Key, knownAt: Instant | null = null): Promise<Statement | undefined> {
      const { table, t } = tableOf(unit.engine);
      const rows = await unit.db
        .select()
        .from(table)
        .where(and(isOn(t, key), isKnown(column(t, 'recordedAt'), column(t, 'supersededAt'), knownAt)));
      return (rows as Statement[])[0];
    },

    /** Adds a revision; the one before it, if there is one, ends being what we know. */
    async add(unit: WriteUnit, statement: Statement): Promise<void> {
      const { table, t } = tableOf(unit.engine);
      if (statement.revision > 1) {
        await unit.db
          .update(table)
          .set({ supersededAt: unit.now } as never)
          .where(and(isOn(t, statement), isNull(column(t, 'supersededAt'))));
      }
      await unit.db.insert(table).values(statement as never);
    },

    /**
     * What is in force of one owner, of which `key` may be a part, up to a day (null: any), as it was known at a moment
     * (null: now), by day.
     */
    async inForceOf(
      unit: ReadUnit,
      key: Partial<OwnerKey> & { projectId: string },
      upTo: CalendarDate | null,
      knownAt: Instant | null,
    ): Promise<Statement[]> {
      const { table, t } = tableOf(unit.engine);
      const rows = await unit.db
        .select()
        .from(table)
        .where(and(...isOf(t, key), ...inForce(t, upTo, knownAt)))
        .orderBy(asc(column(t, 'asOf')));
      return rows as Statement[];
    },

    /** The same of all that these projects have, by day. */
    async inForceIn(
      unit: ReadUnit,
      projectIds: readonly string[],
      upTo: CalendarDate | null,
      knownAt: Instant | null,
    ): Promise<Statement[]> {
      const { table, t } = tableOf(unit.engine);
      const found: Statement[] = [];
      for (let from = 0; from < projectIds.length; from += projectsAtATime) {
        const some = projectIds.slice(from, from + projectsAtATime);
        const rows = await unit.db
          .select()
          .from(table)
          .where(and(inArray(column(t, 'projectId'), some), ...inForce(t, upTo, knownAt)))
          .orderBy(asc(column(t, 'asOf')), ...owner.map((name) => asc(column(t, name))));
        for (const row of rows as Statement[]) found.push(row);
      }
      return found;
    },

    /**
     * What one owner, of which `key` may be a part, has now in the order of a page, at most `limit + 1`: what is in force, or
     * what was taken back. Between statements of the same day `tie` decides.
     */
    async list(
      unit: ReadUnit,
      key: Partial<OwnerKey> & { projectId: string },
      filters: { from?: CalendarDate; to?: CalendarDate; withdrawn: boolean },
      page: {
        descending: boolean;
        after: { value: string | number; id: string | number } | null;
        limit: number;
      },
      tie: keyof Statement & string = 'asOf',
    ): Promise<Statement[]> {
      const { table, t } = tableOf(unit.engine);
      const [day, id] = [column(t, 'asOf'), column(t, tie)];
      const direction = page.descending ? desc : asc;
      const rows = await unit.db
        .select()
        .from(table)
        .where(
          and(
            ...isOf(t, key),
            isNull(column(t, 'supersededAt')),
            eq(column(t, 'withdrawn'), filters.withdrawn),
            filters.from === undefined ? undefined : gte(day, filters.from),
            filters.to === undefined ? undefined : lte(day, filters.to),
            page.after === null ? undefined : afterKey(day, id, page.after, page.descending),
          ),
        )
        .orderBy(direction(day), direction(id))
        .limit(page.limit + 1);
      return rows as Statement[];
    },

    /** Every revision of one statement, the newest first. */
    async revisionsOf(unit: ReadUnit, key: Key): Promise<Statement[]> {
      const { table, t } = tableOf(unit.engine);
      const rows = await unit.db
        .select()
        .from(table)
        .where(isOn(t, key))
        .orderBy(desc(column(t, 'revision')));
      return rows as Statement[];
    },
  };
}
