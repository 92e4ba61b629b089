import type { GatheredColumn, GatheredKind, GatheredRow } from '../gathered.ts';
import { type Executor, type Parameter, Statement } from './queries.ts';

/** How one connection writes many rows of a kind: with one statement, which takes a list of values for each column. */
export class GatheredStatements {
  readonly #executor: Executor;
  readonly #statements = new WeakMap<GatheredKind, Statement>();

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  of(kind: GatheredKind, rows: readonly GatheredRow[]): { statement: Statement; parameters: Parameter[] } {
    let statement = this.#statements.get(kind);
    if (statement === undefined) {
      statement = new Statement(textOf(kind));
      this.#executor.keep(statement);
      this.#statements.set(kind, statement);
    }
    const parameters = columnsOf(kind).map(
      ({ property, encode }) => rows.map((row) => encode(row[property])) as Parameter,
    );
    return { statement, parameters };
  }
}

function textOf(kind: GatheredKind): string {
  const { table, key, columns } = kind;
  const names = columnsOf(kind).map(({ name }) => `"${name}"`);
  const lists = columnsOf(kind).map((column, index) => `$${index + 1}::${typeOf(column)}[]`);
  const rows = `unnest(${lists.join(', ')}) as given (${names.join(', ')})`;
  if (key === null) return `insert into "${table}" (${names.join(', ')}) select * from ${rows}`;
  const changes = columns.map(({ name }) => `"${name}" = given."${name}"`);
  return (
    `update "${table}" as kept set ${changes.join(', ')} from ${rows} ` +
    `where kept."${key.name}" = given."${key.name}"`
  );
}

function columnsOf({ key, columns }: GatheredKind): readonly GatheredColumn[] {
  return key === null ? columns : [...columns, key];
}

/** Without the order in which it is compared, which is no part of a value. */
function typeOf({ type }: GatheredColumn): string {
  return type.replace(/ collate .*$/, '');
}
