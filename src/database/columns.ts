import { getTableName, type Placeholder, type SQL, sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  check,
  customType,
  foreignKey,
  index,
  primaryKey,
  integer as sqliteInteger,
  sqliteTable,
  text as sqliteText,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { CalendarDate } from '../shared/calendar-date.ts';
import type { Instant } from '../shared/clock.ts';

// Drizzle hands a placeholder's value to the column's own mapping even where it is null, and its boolean and JSON
// columns turn that into false and 'null'. The three columns below keep null as it is.

const safeInteger = customType<{ data: number; driverData: number }>({
  dataType: () => 'integer',
  toDriver(value) {
    if (value !== null && !Number.isSafeInteger(value)) {
      throw new RangeError(`An integer column takes safe integers, not ${String(value)}`);
    }
    return value;
  },
});

const truth = customType<{ data: boolean; driverData: number | null }>({
  dataType: () => 'integer',
  toDriver: (value) => (value === null ? null : value ? 1 : 0),
  fromDriver: (value) => value === 1,
});

const jsonText = customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (value) => JSON.parse(value as string),
});

/**
 * The vocabulary in which features write their tables, as SQLite understands it. Column names are written out in
 * snake_case. Every builder has Drizzle's own modifiers: `.notNull()`, `.primaryKey()`, `.default(…)`,
 * `.references(() => other.id, { onDelete: 'cascade' })`.
 */
const sqliteColumns = {
  table: sqliteTable,

  /** Text of any length. It must hold no NUL: PostgreSQL refuses it. */
  text: <Name extends string>(name: Name) => sqliteText(name),

  /** Text that is one of `values` for TypeScript; {@link enumCheck} makes the database hold it too. */
  enumText: <Name extends string, Value extends string, Values extends readonly [Value, ...Value[]]>(
    name: Name,
    values: Values,
  ) => sqliteText(name, { enum: values }),

  /** A whole number that JavaScript holds exactly; anything else is refused with a RangeError when it is written. */
  integer: <Name extends string>(name: Name) => safeInteger(name),

  boolean: <Name extends string>(name: Name) => truth(name),

  /** Any JSON value except a bare null, which is stored as the column's NULL. It is not searched by its insides. */
  json: <Value>(name: string) => jsonText(name).$type<Value>(),

  /** A moment as text, whose order is the order of time. */
  instant: <Name extends string>(name: Name) => sqliteText(name).$type<Instant>(),

  /** A day as text, whose order is the order of time. */
  date: <Name extends string>(name: Name) => sqliteText(name).$type<CalendarDate>(),

  /** The primary key that the database counts up by itself, in a table of which no row is ever deleted. */
  sequence: <Name extends string>(name: Name) => sqliteInteger(name).primaryKey(),

  primaryKey,
  index,
  uniqueIndex,
  check,
  foreignKey,

  /** The CHECK that holds an `enumText` column to its values. NULL passes: whether it may be is the column's matter. */
  enumCheck(column: AnySQLiteColumn) {
    const values = column.enumValues;
    if (values === undefined || values.length === 0) {
      throw new TypeError(`The column ${column.name} has no values to be held to`);
    }
    const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
    const name = `${getTableName(column.table)}_${column.name}_values`;
    return check(name, sql`${sql.identifier(column.name)} in (${sql.raw(list)})`);
  },
};

/** Another engine's vocabulary has the same names and the same row types, and is cast to this. */
export type Columns = typeof sqliteColumns;

/** A term of a search that must be there, or one with which some term must begin. */
export interface SoughtTerm {
  text: string;
  isStart: boolean;
}

/** What a search looks at of a table of terms; see `searchTable`. */
interface SearchColumns {
  sequence: AnySQLiteColumn;
  terms: AnySQLiteColumn;
}

/**
 * One kind of database. Tables are made per engine; nothing outside of the database's own folder looks inside.
 */
export interface Engine {
  readonly name: string;
  /** Whether each question waits for a server, so that much is better asked in one. */
  readonly isRemote: boolean;
  readonly columns: Columns;
  readonly search: {
    /** How the engine writes that all these terms must be there. */
    query(terms: readonly SoughtTerm[]): string;
    /** The rows of a table of terms that `query` finds, by the index that a migration has put on them. */
    found(table: SearchColumns, query: string | Placeholder): SQL;
  };
  /**
   * Has a `sequence` go on with `next`, where rows have come with numbers of their own; undone with the unit. Null for
   * an engine that sees by itself which numbers are taken.
   */
  readonly goOnWith: ((sequence: AnySQLiteColumn, next: number) => SQL) | null;
}

export const sqliteEngine: Engine = {
  name: 'sqlite',
  isRemote: false,
  columns: sqliteColumns,
  search: {
    query: (terms) => terms.map(({ text, isStart }) => `"${text}"${isStart ? ' *' : ''}`).join(' AND '),
    found(table, query) {
      const index = sql.identifier(`${getTableName(table.sequence.table)}_index`);
      return sql`${table.sequence} in (select rowid from ${index} where ${index} match ${query})`;
    },
  },
  goOnWith: null,
};
