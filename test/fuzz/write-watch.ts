import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { SqliteFile, type TestDatabase } from '../support/index.ts';

/** Sees whether anything at all was written to a database, and puts back what was there at the start. */
export interface WriteWatch {
  /** What was written since this was last asked, in words; null if nothing was. */
  written(): Promise<string | null>;
  /** Puts everything back as it was at the start, where the engine lets that be done beside the app. */
  restore(): Promise<void>;
  close(): void;
}

/** @param start the same database as it was before the app was opened on its copy */
export function watchWrites(database: TestDatabase, start: TestDatabase): WriteWatch {
  if (database instanceof SqliteFile && start instanceof SqliteFile)
    return new SqliteWatch(database.file, start.file);
  return new DigestWatch(database);
}

/**
 * SQLite counts for each connection the commits of all others that changed a page (`PRAGMA data_version`). So every
 * write is seen, in whatever table and however small, at the price of one lookup.
 */
class SqliteWatch implements WriteWatch {
  readonly #connection: Sqlite.Database;
  readonly #tables: string[];
  /** Of words: kept by the database itself from what the tables hold. */
  readonly #indexes: string[];
  readonly #version: Sqlite.Statement<[], number>;
  #seen: number;

  constructor(file: string, startFile: string) {
    this.#connection = new Sqlite(file);
    this.#connection.pragma('foreign_keys = off');
    this.#connection.pragma('synchronous = off');
    this.#connection.prepare('attach ? as start').run(startFile);
    const named = (kind: string) =>
      this.#connection
        .prepare<[string], string>(
          `select name from pragma_table_list where schema = 'main' and type = ? and name not like 'sqlite_%'`,
        )
        .pluck()
        .all(kind);
    this.#tables = named('table');
    this.#indexes = named('virtual');
    this.#version = this.#connection.prepare<[], number>('pragma main.data_version').pluck();
    this.#seen = this.#version.get() ?? 0;
  }

  async written(): Promise<string | null> {
    const version = this.#version.get() ?? 0;
    if (version === this.#seen) return null;
    this.#seen = version;
    const touched = this.#tables.filter((table) => this.#differs(table));
    return `written to ${touched.join(', ') || 'no table, or with what was there'}`;
  }

  async restore(): Promise<void> {
    // Readers end their snapshot with the turn.
    await nextTurn();
    const touched = this.#tables.filter((table) => this.#differs(table));
    this.#connection
      .transaction(() => {
        for (const table of touched) {
          this.#connection.exec(
            `delete from main."${table}"; insert into main."${table}" select * from start."${table}"`,
          );
        }
        for (const index of this.#indexes)
          this.#connection.exec(`insert into main."${index}" ("${index}") values ('rebuild')`);
      })
      .immediate();
    this.#seen = this.#version.get() ?? 0;
  }

  close(): void {
    this.#connection.close();
  }

  #differs(table: string): boolean {
    const differs = (one: string, other: string) =>
      this.#connection
        .prepare<[], number>(
          `select exists (select * from ${one}."${table}" except select * from ${other}."${table}")`,
        )
        .pluck()
        .get() === 1;
    return differs('main', 'start') || differs('start', 'main');
  }
}

/** On other engines every row is read. Nothing is put back, so what was written goes on to be there. */
class DigestWatch implements WriteWatch {
  readonly #database: TestDatabase;
  #seen: Record<string, string> | undefined;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  async written(): Promise<string | null> {
    const rows = await this.#database.rows();
    const before = this.#seen ?? rows;
    this.#seen = rows;
    const touched = Object.keys(rows).filter((table) => rows[table] !== before[table]);
    return touched.length === 0 ? null : `written to ${touched.join(', ')}`;
  }

  async restore(): Promise<void> {}

  close(): void {}
}
