import type Sqlite from 'better-sqlite3';
import { type GatheredKind, type GatheredRow, GatheredRows, type Gathering } from './gathered.ts';
import type { Watcher } from './sqlite-queries.ts';

/** What the works of a group write on the connection of their queue. */
export class SqliteWrites implements Watcher, Gathering {
  /** Whether anything was written, or gathered to be written, since this was last set to false. */
  hasWritten = false;
  /** What gathered rows were refused with, to the moment when all is dropped: nothing of the group can be kept. */
  failure: { error: unknown } | null = null;
  readonly #connection: Sqlite.Database;
  readonly #statements = new WeakMap<GatheredKind, Sqlite.Statement>();
  readonly #gathered = new GatheredRows<void>((kind, rows) => this.#write(kind, rows));

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
  }

  beforeStatement(writes: boolean): void {
    if (!this.#gathered.isEmpty) this.send();
    if (writes) this.hasWritten = true;
  }

  gather(kind: GatheredKind, row: GatheredRow): Promise<void> {
    this.hasWritten = true;
    this.#noting(() => this.#gathered.add(kind, row));
    return done;
  }

  /** Writes what was gathered. Throws what it, or any of the group before, is refused with. */
  send(): void {
    if (this.failure !== null) throw this.failure.error;
    this.#noting(() => this.#gathered.send());
  }

  #noting(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  /** To be called when what was written is undone. */
  drop(): void {
    this.failure = null;
    this.#gathered.drop();
  }

  #write(kind: GatheredKind, rows: readonly GatheredRow[]): void {
    const statement = this.#statementOf(kind);
    const columns = kind.key === null ? kind.columns : [...kind.columns, kind.key];
    for (const row of rows) statement.run(columns.map(({ property, encode }) => encode(row[property])));
  }

  #statementOf(kind: GatheredKind): Sqlite.Statement {
    let statement = this.#statements.get(kind);
    if (statement === undefined) {
      statement = this.#connection.prepare(textOf(kind));
      this.#statements.set(kind, statement);
    }
    return statement;
  }
}

function textOf({ table, key, columns }: GatheredKind): string {
  if (key === null) {
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    return `insert into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`;
  }
  const changes = columns.map(({ name }) => `"${name}" = ?`).join(', ');
  // As in every other query: the plus keeps the engine from planning anew for each value.
  return `update "${table}" set ${changes} where "${key.name}" = +?`;
}

const done = Promise.resolve();
