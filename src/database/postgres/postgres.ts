import type { Clock, Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import type { Engine } from '../columns.ts';
import { beforeServer, Memory } from '../memory.ts';
import { type Migrates, type Migration, readMigrations } from '../migrate.ts';
import type { CommittedGroup, Database, DatabaseMetrics, Foreseen, ReadUnit, WriteUnit } from '../unit.ts';
import { UnitClock } from '../unit-clock.ts';
import { assertNotInside, runInside, Unit } from '../unit-scope.ts';
import { postgresEngine } from './columns.ts';
import { type Connection, type LocalServer, openPatientConnection } from './connection.ts';
import {
  asFailureToConnect,
  asSeenOutside,
  isConnectionLost,
  isStaleStatement,
  isWriteOnReader,
} from './errors.ts';
import { countPending, migrate } from './migrate.ts';
import { ConnectionPool } from './pool.ts';
import { CountsInTable } from './shared-counts.ts';
import { WriteQueue } from './write-queue.ts';

export interface OpenPostgresOptions {
  /** Where the database is, such as `postgres://user:password@host/name`, or how to reach a server in this process. */
  server: string | LocalServer;
  /** The folder of generated migrations, with `meta/_journal.json` in it. */
  migrationsFolder: string;
  clock: Clock;
  /** `all` unless told. */
  migrates?: Migrates | undefined;
  /** How many write works may wait before further ones are refused as `overloaded`; 10,000 unless told. */
  queueLimit?: number;
  /** For how long a write work may wait behind many others before it is refused as `overloaded`; for ever unless told. */
  longestWaitMs?: number;
  /** How many reads may run at the same time; 8 unless told. */
  readers?: number;
  /** Called after each commit. */
  onGroup?: (group: CommittedGroup) => void;
}

/** How long a write may take before the database counts as not ready. */
const readyMs = 5_000;

/**
 * Opens the database and brings it to the program's last migration. Throws, and changes nothing, if it is newer than
 * the program or cannot be migrated.
 */
export async function openPostgresDatabase(options: OpenPostgresOptions): Promise<Database> {
  const migrations = readMigrations(options.migrationsFolder);
  try {
    const connection = await openPatientConnection(options.server).catch((error) => {
      throw asFailureToConnect(error);
    });
    try {
      await migrate(connection, migrations, options);
    } finally {
      await connection.end();
    }
    return new PostgresDatabase(options, migrations);
  } catch (error) {
    throw asSeenOutside(error);
  }
}

class PostgresDatabase implements Database {
  readonly engine: Engine = postgresEngine;
  readonly metrics: DatabaseMetrics;
  readonly sharedCounts = new CountsInTable((action) => this.#read(action));
  readonly #migrations: readonly Migration[];
  readonly #readers: ConnectionPool;
  readonly #writers: ConnectionPool;
  readonly #queue: WriteQueue;
  readonly #clock: UnitClock;
  readonly #counted = { reads: 0, writes: 0, groups: 0, commitSecondsTotal: 0 };
  #reading = 0;
  #readersDone: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: OpenPostgresOptions, migrations: readonly Migration[]) {
    this.#migrations = migrations;
    this.#clock = new UnitClock(options.clock);
    this.#writers = new ConnectionPool(options.server, 1);
    this.#readers = new ConnectionPool(options.server, options.readers ?? 8);
    this.#queue = new WriteQueue({
      owner: this,
      engine: this.engine,
      connections: this.#writers,
      clock: this.#clock,
      memory: new Memory(beforeServer),
      limit: options.queueLimit ?? 10_000,
      longestWaitMs: options.longestWaitMs ?? Number.POSITIVE_INFINITY,
      onCommit: (group) => {
        this.#counted.writes += group.writes;
        this.#counted.groups += 1;
        this.#counted.commitSecondsTotal += group.commitSeconds;
        options.onGroup?.(group);
      },
    });
    this.metrics = metricsOf(this.#queue, this.#counted);
  }

  async read<T>(work: (unit: ReadUnit) => Promise<T>): Promise<T> {
    this.#assertOpen();
    assertNotInside(this);
    this.#reading += 1;
    this.#counted.reads += 1;
    try {
      return await this.#read((connection) => this.#runReader(connection, work));
    } catch (error) {
      throw isWriteOnReader(error)
        ? new Error('A read unit was used to write.', { cause: error })
        : asSeenOutside(error);
    } finally {
      this.#reading -= 1;
      if (this.#reading === 0) this.#readersDone?.resolve();
    }
  }

  async write<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    this.#assertOpen();
    assertNotInside(this);
    return this.#queue.add(work, foreseen);
  }

  writingThread(): null {
    return null;
  }

  raiseClock(instant: Instant): void {
    this.#clock.raise(instant);
  }

  async ready(): Promise<void> {
    // Even a work that does nothing writes: it takes the turn of the writers.
    const written = this.write(async () => undefined);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new JinduError('storage_unavailable', 'The database does not answer in time.'));
    }, readyMs);
    try {
      await Promise.race([written, late.promise]);
    } finally {
      clearTimeout(timer);
    }
    const pending = await this.#read((connection) => countPending(connection, this.#migrations)).catch(
      (error) => {
        throw asSeenOutside(error);
      },
    );
    if (pending > 0) {
      throw new Error(
        `The database lacks ${pending} of the ${this.#migrations.length} migrations of this program.`,
      );
    }
  }

  async backup(): Promise<void> {
    throw new Error(
      'A PostgreSQL database is copied with its own program: pg_dump --format=custom --file=jindu.dump "$DATABASE_URL".',
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.idle();
    if (this.#reading > 0) {
      this.#readersDone = Promise.withResolvers();
      await this.#readersDone.promise;
    }
    await Promise.all([this.#readers.close(), this.#writers.close()]);
  }

  /**
   * Runs `action` on a connection that reads. One that was idle may have been lost without a word, and has done nothing
   * then; so it is tried once more on a new one.
   */
  async #read<T>(action: (connection: Connection) => Promise<T>): Promise<T> {
    for (;;) {
      const connection = await this.#readers.lease();
      const wasUsed = connection.isUsed;
      let isSpent = false;
      try {
        return await action(connection);
      } catch (error) {
        isSpent = isStaleStatement(error);
        if (!wasUsed || !(isConnectionLost(error) || isSpent)) throw error;
      } finally {
        this.#readers.release(connection, isSpent);
      }
    }
  }

  /**
   * The beginning and the end of the transaction travel with its statements, so a work waits for its own answers only:
   * the moment that it sees is that of its first statement.
   */
  async #runReader<T>(connection: Connection, work: (unit: ReadUnit) => Promise<T>): Promise<T> {
    const transaction = connection.begin('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const unit = new Unit(this, this.engine, connection.db, this.#clock.now());
    try {
      return await runInside(unit, work);
    } finally {
      unit.end();
      const ended = connection.command('COMMIT').catch(() => undefined);
      // The next unit on this connection may only rely on what is known of its statements.
      if (transaction.failure !== null || connection.inFlight > 1) await ended;
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) {
      throw new JinduError('storage_unavailable', 'The database is being closed.');
    }
  }
}

function metricsOf(
  queue: WriteQueue,
  counted: Omit<DatabaseMetrics, 'queueDepth' | 'failedWrites' | 'refusedWrites'>,
): DatabaseMetrics {
  return {
    get queueDepth() {
      return queue.depth;
    },
    get failedWrites() {
      return queue.failed;
    },
    get refusedWrites() {
      return queue.refused;
    },
    get reads() {
      return counted.reads;
    },
    get writes() {
      return counted.writes;
    },
    get groups() {
      return counted.groups;
    },
    get commitSecondsTotal() {
      return counted.commitSecondsTotal;
    },
  };
}
