import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { getTableConfig, SQLiteInteger, type SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A table as SQLite has it: on every engine it has the same name, and its columns the same properties. */
export interface TableFacts {
  /** The property of `tables` under which it is. */
  readonly property: string;
  /** What the database calls it. */
  readonly name: string;
  /** The properties of the columns of its primary key, in their order. */
  readonly key: readonly string[];
  /** The property of the column that refers to a row of the same table, by its key of one column; null for most. */
  readonly parent: string | null;
  /** The property of the column that the database counts up by itself, or null. */
  readonly sequence: string | null;
}

/** The facts of all `tables`, each after those that it refers to. */
export function inOrderOfReference(tables: Readonly<Record<string, SQLiteTable>>): TableFacts[] {
  const ordered = new Map<SQLiteTable, TableFacts>();
  const propertyOf = new Map(Object.entries(tables).map(([property, table]) => [table, property]));
  const visit = (table: SQLiteTable, path: readonly SQLiteTable[]) => {
    if (ordered.has(table)) return;
    const property = propertyOf.get(table);
    if (property === undefined)
      throw new Error(`The table ${getTableName(table)} is referred to, but not listed.`);
    if (path.includes(table))
      throw new Error(`The table ${getTableName(table)} refers to itself by way of others.`);
    for (const { foreignTable } of referencesOf(table)) {
      if (foreignTable !== table) visit(foreignTable, [...path, table]);
    }
    ordered.set(table, factsOf(property, table));
  };
  for (const table of Object.values(tables)) visit(table, []);
  return [...ordered.values()];
}

function factsOf(property: string, table: SQLiteTable): TableFacts {
  const { columns, primaryKeys } = getTableConfig(table);
  const propertyOf = new Map(
    Object.entries(getTableColumns(table)).map(([key, column]) => [column.name, key]),
  );
  const namesOf = (each: readonly { name: string }[]) =>
    each.map(({ name }) => propertyOf.get(name) as string);
  const name = getTableName(table);
  const key = namesOf(primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary));
  if (key.length === 0) throw new Error(`The table ${name} has no primary key.`);
  const own = referencesOf(table).filter(({ foreignTable }) => foreignTable === table);
  const parents = own.flatMap((reference) => namesOf(reference.columns));
  if (parents.length > 1 || (parents.length === 1 && key.length > 1)) {
    throw new Error(`The table ${name} refers to itself by more than one column.`);
  }
  // Only `sequence` makes a column of Drizzle's own integers.
  const sequences = columns.filter((column) => is(column, SQLiteInteger));
  return { property, name, key, parent: parents[0] ?? null, sequence: namesOf(sequences)[0] ?? null };
}

function referencesOf(table: SQLiteTable) {
  return getTableConfig(table).foreignKeys.map((foreignKey) => foreignKey.reference());
}
