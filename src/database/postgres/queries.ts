import { type Query, type SQLWrapper, sql } from 'drizzle-orm';
import {
  PgDatabase,
  PgDialect,
  PgPreparedQuery,
  PgSession,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core';
import { parameterMapper, rowMapper, type SelectedField } from '../mapping.ts';
import type { Db } from '../unit.ts';

/** What a statement may be given, or a list of it. Everything goes over the wire as text. */
export type Parameter = Scalar | readonly Scalar[];

type Scalar = string | number | bigint | boolean | null;

/** What a statement came to: a row for each of its rows, a value for each of the fields. */
export interface Result {
  /** What was done, such as `INSERT` or `COMMIT`. */
  readonly command: string;
  readonly fields: readonly { readonly name: string }[];
  readonly rows: unknown[][];
}

/** One text of SQL on one connection. With a name, the server keeps it parsed and, after some runs, planned. */
export class Statement {
  readonly text: string;
  name: string | undefined;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a statement does besides what it answers. */
export interface Effect {
  /** Whether it may change anything. */
  writes: boolean;
  /** Whether nobody looks at what it answers, as long as it succeeds. */
  isSilent: boolean;
}

/** Where the queries are run. */
export interface Executor {
  execute(statement: Statement, parameters: readonly Parameter[], effect: Effect): Promise<Result>;
  /** Has the server keep the statement ready from now on. */
  keep(statement: Statement): void;
}

/**
 * Drizzle's queries on one connection. It has the methods by which SQLite's takes SQL as it is written, so that either
 * may stand where `Db` is asked for.
 */
export function queriesOn(executor: Executor): Db {
  return new Queries(executor) as unknown as Db;
}

class Queries extends PgDatabase<never> {
  readonly #session: Session;

  constructor(executor: Executor) {
    const dialect = new PgDialect();
    const session = new Session(executor, dialect);
    super(dialect, session, undefined);
    this.#session = session;
  }

  all(query: SQLWrapper | string): Promise<Record<string, unknown>[]> {
    return this.#session.rowsOf(query);
  }

  async get(query: SQLWrapper | string): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.#session.rowsOf(query);
    return row;
  }

  async run(query: SQLWrapper | string): Promise<void> {
    await this.#session.rowsOf(query);
  }
}

class Session extends PgSession {
  readonly #executor: Executor;

  constructor(executor: Executor, dialect: PgDialect) {
    super(dialect);
    this.#executor = executor;
  }

  override prepareQuery<T extends PreparedQueryConfig>(
    query: Query,
    fields: SelectedField[] | undefined,
    _name?: string,
    _isArrayMode?: boolean,
    _mapRows?: unknown,
    metadata?: { type: 'select' | 'update' | 'delete' | 'insert'; tables: string[] },
  ): PgPreparedQuery<T> {
    const effect = metadata === undefined ? effectOf(query.sql) : effectOfKind(metadata.type, fields);
    return new PreparedQuery<T>(this.#executor, query, effect, fields);
  }

  async rowsOf(query: SQLWrapper | string): Promise<Record<string, unknown>[]> {
    const built = this.dialect.sqlToQuery(typeof query === 'string' ? sql.raw(query) : query.getSQL());
    return objectsOf((await this.prepareQuery(built, undefined).execute()) as Result);
  }

  override transaction(): Promise<never> {
    throw new Error('A unit of work is a transaction already.');
  }
}

class PreparedQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  /** Set by Drizzle's builders, of which tables of a join there may be no row. */
  joinsNotNullableMap: Record<string, boolean> | undefined;
  readonly #executor: Executor;
  readonly #statement: Statement;
  readonly #parameters: (values: Record<string, unknown>) => unknown[];
  readonly #effect: Effect;
  readonly #fields: SelectedField[] | undefined;
  #mapRow: ((row: readonly unknown[]) => unknown) | undefined;
  #hasRun = false;

  constructor(executor: Executor, query: Query, effect: Effect, fields: SelectedField[] | undefined) {
    super(query, undefined, undefined);
    this.#executor = executor;
    this.#statement = new Statement(query.sql);
    this.#parameters = parameterMapper(query.params);
    this.#effect = effect;
    this.#fields = fields;
  }

  /** What is run a second time will be run again and again, and is kept ready by the server. */
  override async execute(values: Record<string, unknown> = {}): Promise<T['execute']> {
    if (this.#hasRun) this.#executor.keep(this.#statement);
    this.#hasRun = true;
    const parameters = this.#parameters(values) as Parameter[];
    const result = await this.#executor.execute(this.#statement, parameters, this.#effect);
    if (this.#fields === undefined) return result;
    this.#mapRow ??= rowMapper(this.#fields, this.joinsNotNullableMap);
    return result.rows.map(this.#mapRow);
  }
}

function objectsOf({ fields, rows }: Result): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index]])));
}

function effectOfKind(kind: 'select' | 'update' | 'delete' | 'insert', fields: unknown): Effect {
  const writes = kind !== 'select';
  return { writes, isSilent: writes && fields === undefined };
}

/** SQL as it was written may be anything. */
function effectOf(text: string): Effect {
  return { writes: !/^\s*(select|show)\b/i.test(text), isSilent: false };
}
