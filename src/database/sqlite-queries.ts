import type Sqlite from 'better-sqlite3';
import type { Query } from 'drizzle-orm';
import {
  BaseSQLiteDatabase,
  type PreparedQueryConfig,
  SQLiteAsyncDialect,
  type SQLiteExecuteMethod,
  SQLitePreparedQuery,
  SQLiteSession,
} from 'drizzle-orm/sqlite-core';
import { parameterMapper, rowMapper, type SelectedField } from './mapping.ts';
import type { Db } from './unit.ts';

/** Is told of every statement before it is run. */
export interface Watcher {
  beforeStatement(writes: boolean): void;
}

/** Drizzle's queries on one connection, each run at the driver's own speed. */
export function queriesOn(connection: Sqlite.Database, watcher: Watcher | null = null): Db {
  const dialect = new SQLiteAsyncDialect();
  return new BaseSQLiteDatabase('async', dialect, new Session(connection, dialect, watcher), undefined);
}

/** A statement that no query holds any more is freed; one that a prepared query holds lives on with it. */
const statementsKept = 200;

class Session extends SQLiteSession<'async', unknown, Record<string, never>, Record<string, never>> {
  readonly #connection: Sqlite.Database;
  /** By their text, in the order of their last use: a list that is asked for again is not parsed and planned again. */
  readonly #statements = new Map<string, Sqlite.Statement>();

  readonly #watcher: Watcher | null;

  constructor(connection: Sqlite.Database, dialect: SQLiteAsyncDialect, watcher: Watcher | null) {
    super(dialect);
    this.#connection = connection;
    this.#watcher = watcher;
  }

  override prepareQuery(query: Query, fields: SelectedField[] | undefined, method: SQLiteExecuteMethod) {
    return new PreparedQuery(this.#statementOf(query.sql), query, fields, method, this.#watcher);
  }

  #statementOf(text: string): Sqlite.Statement {
    const known = this.#statements.get(text);
    this.#statements.delete(text);
    const statement = known ?? this.#connection.prepare(planned(text));
    this.#statements.set(text, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > statementsKept && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  override transaction(): Promise<never> {
    throw new Error('A unit of work is a transaction already.');
  }
}

/**
 * SQLite plans a statement anew when another value is bound to a parameter on which its plan might depend (whether it
 * is 0 or 1 after `=`, how many after `limit`, how a pattern begins after `like`), and the driver clears all that is bound after each run. So a prepared
 * query would be planned on every run, at up to seven times the cost of the run itself. A plus before the parameter
 * means the same and is not looked through.
 */
function planned(text: string): string {
  return text.replaceAll(/([=<>]|\blimit|\blike) \?/g, '$1 +?');
}

type Values = Record<string, unknown>;

/** Answers at once; Drizzle's types say a promise, and whoever awaits it sees no difference. */
class PreparedQuery extends SQLitePreparedQuery<PreparedQueryConfig & { type: 'async' }> {
  /** Set by Drizzle's builders: of which tables of a join there may be no row. */
  joinsNotNullableMap: Record<string, boolean> | undefined;
  readonly #statement: Sqlite.Statement;
  readonly #writes: boolean;
  readonly #watcher: Watcher | null;
  readonly #parameters: (values: Values) => unknown[];
  readonly #fields: SelectedField[] | undefined;
  #mapRow: ((row: readonly unknown[]) => unknown) | undefined;

  constructor(
    statement: Sqlite.Statement,
    query: Query,
    fields: SelectedField[] | undefined,
    method: SQLiteExecuteMethod,
    watcher: Watcher | null,
  ) {
    super('async', method, query);
    this.#statement = fields === undefined ? statement : statement.raw();
    this.#writes = !statement.readonly;
    this.#watcher = watcher;
    this.#parameters = parameterMapper(query.params);
    this.#fields = fields;
  }

  override run(values: Values = {}): Promise<unknown> {
    this.#watcher?.beforeStatement(this.#writes);
    return now(this.#statement.run(this.#parameters(values)));
  }

  override all(values: Values = {}): Promise<unknown> {
    this.#watcher?.beforeStatement(this.#writes);
    const rows = this.#statement.all(this.#parameters(values));
    if (this.#fields === undefined) return now(rows);
    this.#mapRow ??= rowMapper(this.#fields, this.joinsNotNullableMap);
    return now((rows as unknown[][]).map(this.#mapRow));
  }

  override async get(values: Values = {}): Promise<unknown> {
    const [row] = (await this.all(values)) as unknown[];
    return row;
  }

  override values(values: Values = {}): Promise<unknown> {
    this.#watcher?.beforeStatement(this.#writes);
    const rows = this.#statement.raw().all(this.#parameters(values));
    if (this.#fields === undefined) this.#statement.raw(false);
    return now(rows);
  }
}

function now(answer: unknown): Promise<unknown> {
  return answer as Promise<unknown>;
}
