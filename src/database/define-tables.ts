import type { Columns, Engine } from './columns.ts';

/**
 * A feature's tables, written once and made for whichever engine runs: `define` is called once per engine, and the
 * same tables are handed out ever after. To refer to another feature's table, call that feature's own definition with
 * the engine that `define` is given.
 */
export function defineTables<Tables>(
  define: (columns: Columns, engine: Engine) => Tables,
): (engine: Engine) => Tables {
  const made = new WeakMap<Engine, { tables: Tables }>();
  return (engine) => {
    let entry = made.get(engine);
    if (entry === undefined) {
      entry = { tables: define(engine.columns, engine) };
      made.set(engine, entry);
    }
    return entry.tables;
  };
}
