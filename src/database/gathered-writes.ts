import { getTableColumns, getTableName } from 'drizzle-orm';
import type { AnySQLiteColumn, AnySQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Engine } from './columns.ts';
import type { GatheredColumn, GatheredKind } from './gathered.ts';
import type { WriteUnit } from './unit.ts';

/**
 * Adds rows, which go to the database together with those that other works of the group add; see `gathered.ts`. What
 * the database refuses fails the work, be it after all its statements.
 * @param except columns that the database fills
 */
export function gatheredInsert<Table extends AnySQLiteTable>(
  tableOf: (engine: Engine) => Table,
  except: readonly (keyof Table['$inferInsert'] & string)[] = [],
): (unit: WriteUnit, row: Table['$inferInsert']) => Promise<void> {
  const kindOf = perEngine((engine) => {
    const table = tableOf(engine);
    const names: readonly string[] = except;
    const columns = Object.keys(getTableColumns(table)).filter((name) => !names.includes(name));
    return { table: getTableName(table), key: null, columns: columns.map((name) => columnOf(table, name)) };
  });
  return (unit, row) => unit.gather(kindOf(unit.engine), row);
}

/**
 * Changes some columns of the row that `key` finds. Of what several works of one group write into the same row, the
 * last counts, and is all that goes to the database; see `gathered.ts`.
 */
export function gatheredUpdate<
  Table extends AnySQLiteTable,
  Key extends keyof Table['$inferInsert'] & string,
  Changed extends keyof Table['$inferInsert'] & string,
>(
  tableOf: (engine: Engine) => Table,
  key: Key,
  changed: readonly Changed[],
): (unit: WriteUnit, row: Required<Pick<Table['$inferInsert'], Key | Changed>>) => Promise<void> {
  const kindOf = perEngine((engine) => {
    const table = tableOf(engine);
    const columns = changed.map((name) => columnOf(table, name));
    return { table: getTableName(table), key: columnOf(table, key), columns };
  });
  return (unit, row) => unit.gather(kindOf(unit.engine), row);
}

function perEngine(kind: (engine: Engine) => GatheredKind): (engine: Engine) => GatheredKind {
  const made = new WeakMap<Engine, GatheredKind>();
  return (engine) => {
    let known = made.get(engine);
    if (known === undefined) {
      known = kind(engine);
      made.set(engine, known);
    }
    return known;
  };
}

function columnOf(table: AnySQLiteTable, property: string): GatheredColumn {
  const column = getTableColumns(table)[property] as AnySQLiteColumn;
  return {
    property,
    name: column.name,
    type: column.getSQLType(),
    encode: (value) => (value == null ? null : column.mapToDriverValue(value)),
  };
}
