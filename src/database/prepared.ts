import type { Engine } from './columns.ts';
import type { Db, ReadUnit } from './unit.ts';

interface Executable<Result> {
  execute(parameters?: Record<string, unknown>): Promise<Result>;
}

/**
 * A query that is built and prepared once per connection and then runs at the driver's own speed. `build` must depend
 * on nothing but its arguments; what differs from call to call are `sql.placeholder('name')`s, and every one of them
 * must be given. It is run at once, whether or not the answer is awaited.
 *
 * ```ts
 * const findReport = prepared((db, engine) => {
 *   const { reports } = reportTables(engine);
 *   return db.select().from(reports).where(eq(reports.id, sql.placeholder('id'))).prepare();
 * });
 * const [report] = await findReport(unit, { id });
 * ```
 */
export function prepared<Result>(
  build: (db: Db, engine: Engine) => Executable<Result>,
): (unit: ReadUnit, parameters?: Record<string, unknown>) => Promise<Result> {
  const run = preparedInShapes<Result>();
  return (unit, parameters) => run(unit, '', () => build(unit.db, unit.engine), parameters);
}

/** A query of so many shapes is hardly asked in the same one again; all are then forgotten, and prepared anew. */
const shapesKept = 200;

/**
 * As {@link prepared}, for a query whose text depends on what is asked for: it is prepared once for every `shape`, which
 * must tell apart all that its text depends on.
 */
export function preparedInShapes<Result>(): (
  unit: ReadUnit,
  shape: string,
  build: () => Executable<Result>,
  parameters?: Record<string, unknown>,
) => Promise<Result> {
  const perConnection = new WeakMap<Db, Map<string, Executable<Result>>>();
  return async ({ db }, shape, build, parameters) => {
    let queries = perConnection.get(db);
    if (queries === undefined || queries.size > shapesKept) {
      queries = new Map();
      perConnection.set(db, queries);
    }
    let query = queries.get(shape);
    if (query === undefined) {
      query = build();
      queries.set(shape, query);
    }
    return query.execute(parameters);
  };
}
