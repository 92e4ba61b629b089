import { getTableName, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Columns, Engine } from '../columns.ts';

/** Text is compared by its bytes, as SQLite does, and not by the rules of whatever language the server was set up for. */
const textType = 'text collate "C"';

const byteText = customType<{ data: string; driverData: string }>({ dataType: () => textType });

const safeInteger = customType<{ data: number; driverData: number }>({
  dataType: () => 'bigint',
  toDriver(value) {
    if (value !== null && !Number.isSafeInteger(value)) {
      throw new RangeError(`An integer column takes safe integers, not ${String(value)}`);
    }
    return value;
  },
});

/** Kept as the text that it is, since nothing searches inside: so both engines give back the very same. */
const jsonText = customType<{ data: unknown; driverData: string | null }>({
  dataType: () => textType,
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (value) => JSON.parse(value as string),
});

/** The vocabulary of `columns.ts` beside, word for word, as PostgreSQL understands it. */
const postgresColumns = {
  table: pgTable,

  text: (name: string) => byteText(name),

  enumText(name: string, values: readonly string[]) {
    const builder = byteText(name);
    configOf(builder).enumValues = values;
    return builder;
  },

  integer: (name: string) => safeInteger(name),

  boolean: (name: string) => boolean(name),

  json: (name: string) => jsonText(name),

  instant: (name: string) => byteText(name),

  date: (name: string) => byteText(name),

  sequence: (name: string) => bigint(name, { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),

  primaryKey,
  index,
  uniqueIndex,
  check,
  foreignKey,

  enumCheck(column: AnyPgColumn) {
    const values = configOf(column).enumValues;
    if (values === undefined || values.length === 0) {
      throw new TypeError(`The column ${column.name} has no values to be held to`);
    }
    const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
    const name = `${getTableName(column.table)}_${column.name}_values`;
    return check(name, sql`${sql.identifier(column.name)} in (${sql.raw(list)})`);
  },
};

/** What a column's builder, the column and its double in a table's extra configuration have in common. */
function configOf(column: object): { enumValues?: readonly string[] } {
  return (column as { config: { enumValues?: readonly string[] } }).config;
}

export const postgresEngine: Engine = {
  name: 'postgres',
  isRemote: true,
  columns: postgresColumns as unknown as Columns,
  search: {
    query: (terms) => terms.map(({ text, isStart }) => `'${text}'${isStart ? ':*' : ''}`).join(' & '),
    found: (table, query) =>
      sql`array_to_tsvector(string_to_array(${table.terms}, ' ')) @@ ${query}::text::tsquery`,
  },
  // Not `setval`, which no rollback undoes.
  goOnWith: (sequence, next) =>
    sql`alter table ${sequence.table} alter column ${sql.identifier(sequence.name)} restart with ${sql.raw(String(next))}`,
};
