import { createHash } from 'node:crypto';
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { TableFacts } from './table-facts.ts';
import type { ReadUnit, WriteUnit } from './unit.ts';

/** So many rows are in memory at a time, and in one statement: a third of the parameters that any engine takes. */
const rowsAtATime = 100;

/** A row by the properties of its columns, in their order; its values are the same on every engine. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows of a table in the order of its primary key, some at a time. */
export async function* rowsOf(
  unit: ReadUnit,
  table: SQLiteTable,
  { key }: TableFacts,
): AsyncGenerator<Row[]> {
  const columns = getTableColumns(table);
  const keyColumns = key.map((property) => columns[property] as AnySQLiteColumn);
  const list = (parts: readonly (AnySQLiteColumn | SQL)[]) => sql`(${sql.join([...parts], sql`, `)})`;
  const places = key.map((property) => sql`${sql.placeholder(property)}`);
  const beyond = sql`${list(keyColumns)} > ${list(places)}`;
  const inOrder = (condition: SQL | undefined) =>
    unit.db
      .select()
      .from(table)
      .where(condition)
      .orderBy(...keyColumns)
      .limit(rowsAtATime)
      .prepare();
  let rows: Row[] = await inOrder(undefined).execute();
  const next = inOrder(beyond);
  while (rows.length > 0) {
    yield rows;
    if (rows.length < rowsAtATime) return;
    rows = await next.execute(rows.at(-1));
  }
}

/** Writes rows into one table, many by one statement. */
export class RowWriter {
  readonly #many: { execute(values: Record<string, unknown>): Promise<unknown> };
  readonly #single: { execute(values: Record<string, unknown>): Promise<unknown> };
  #waiting: Row[] = [];

  constructor(unit: WriteUnit, table: SQLiteTable) {
    const properties = Object.keys(getTableColumns(table));
    const inserting = (count: number) => {
      const rows = Array.from({ length: count }, (_, index) =>
        Object.fromEntries(properties.map((property) => [property, sql.placeholder(`${index}.${property}`)])),
      );
      return unit.db.insert(table).values(rows).prepare();
    };
    this.#many = inserting(rowsAtATime);
    this.#single = inserting(1);
  }

  async add(rows: readonly Row[]): Promise<void> {
    this.#waiting.push(...rows);
    while (this.#waiting.length >= rowsAtATime) {
      await this.#many.execute(placed(this.#waiting.splice(0, rowsAtATime)));
    }
  }

  /** To be called after the last row. */
  async end(): Promise<void> {
    for (const row of this.#waiting.splice(0)) await this.#single.execute(placed([row]));
  }
}

function placed(rows: readonly Row[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [index, row] of rows.entries()) {
    for (const property in row) values[`${index}.${property}`] = row[property];
  }
  return values;
}

/** How many rows a table has, and a checksum of them: 64 hexadecimal digits. */
export interface Digest {
  readonly rows: number;
  readonly checksum: string;
}

/**
 * The digest of a table: SHA-256 over its rows in the order of the primary key, each a line of JSON with the values in
 * the order of the columns. Two databases that say the same have the same, whatever their engines.
 */
export async function digestOf(unit: ReadUnit, table: SQLiteTable, facts: TableFacts): Promise<Digest> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of rowsOf(unit, table, facts)) {
    count += rows.length;
    hash.update(rows.map((row) => `${JSON.stringify(Object.values(row))}\n`).join(''));
  }
  return { rows: count, checksum: hash.digest('hex') };
}
