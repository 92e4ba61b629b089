import type Sqlite from 'better-sqlite3';
import type { Clock } from '../shared/clock.ts';
import { type Engine, sqliteEngine } from './columns.ts';
import { openReader } from './connection.ts';
import { assertMigrated, readMigrations } from './migrate.ts';
import { queriesOn } from './sqlite-queries.ts';
import { asSeenOutside, isWriteOnReader } from './storage-errors.ts';
import type { Db, ReadableDatabase, ReadUnit } from './unit.ts';
import { assertNotInside, runInside, Unit } from './unit-scope.ts';

export interface OpenReaderOptions {
  /** The path of the database file, which must be there. */
  file: string;
  /** The folder of generated migrations, with `meta/_journal.json` in it. */
  migrationsFolder: string;
  clock: Clock;
}

/**
 * Opens a database file that others may be serving, only to read it: the file is not migrated, and never written.
 * Throws unless it is at the program's last migration. One unit at a time is run on it.
 */
export function openReadableDatabase(options: OpenReaderOptions): ReadableDatabase {
  const migrations = readMigrations(options.migrationsFolder);
  let connection: Sqlite.Database | undefined;
  try {
    connection = openReader(options.file);
    assertMigrated(connection, migrations);
    return new SqliteReader(connection, options.clock);
  } catch (error) {
    connection?.close();
    throw asSeenOutside(error);
  }
}

class SqliteReader implements ReadableDatabase {
  readonly engine: Engine = sqliteEngine;
  readonly #connection: Sqlite.Database;
  readonly #db: Db;
  readonly #clock: Clock;

  constructor(connection: Sqlite.Database, clock: Clock) {
    this.#connection = connection;
    this.#db = queriesOn(connection);
    this.#clock = clock;
  }

  async read<T>(work: (unit: ReadUnit) => Promise<T>): Promise<T> {
    assertNotInside(this);
    const unit = new Unit(this, this.engine, this.#db, this.#clock.now().toISOString());
    this.#connection.exec('BEGIN');
    try {
      return await runInside(unit, work);
    } catch (error) {
      throw isWriteOnReader(error)
        ? new Error('A read unit was used to write.', { cause: error })
        : asSeenOutside(error);
    } finally {
      unit.end();
      // Some faults of the disk end it by themselves.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}
