import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import type { Clock, Instant } from '../shared/clock.ts';
import { JinduError } from '../shared/errors.ts';
import { backupFile } from './backup.ts';
import { type Engine, sqliteEngine } from './columns.ts';
import { assertWritable, openReader, openWriter } from './connection.ts';
import type { Lend } from './lending.ts';
import { besideFile, Memory } from './memory.ts';
import { assertMigrated, type Migrates, type Migration, migrate, readMigrations } from './migrate.ts';
import { SharedSnapshot } from './shared-snapshot.ts';
import { queriesOn } from './sqlite-queries.ts';
import { SqliteWrites } from './sqlite-writes.ts';
import { asSeenOutside, isStorageFault, isWriteOnReader } from './storage-errors.ts';
import type {
  CommittedGroup,
  Database,
  DatabaseMetrics,
  Db,
  Foreseen,
  ReadUnit,
  WriteUnit,
  WritingThread,
} from './unit.ts';
import { UnitClock } from './unit-clock.ts';
import { assertNotInside, runInside, Unit } from './unit-scope.ts';
import { WriteAheadLog } from './write-ahead-log.ts';
import { WriteQueue } from './write-queue.ts';
import { SqliteWritingThread } from './writing-thread.ts';

export interface OpenDatabaseOptions {
  /**
   * The path of the database file, which is made with its folder if it is not there, or `:memory:` for a database that
   * is gone when it is closed.
   */
  file: string;
  /**
   * Whether other processes serve from the same file. Then each read looks whether one of them has written, so that it
   * contains what they have answered before it; that costs each a few microseconds.
   */
  hasOtherProcesses?: boolean;
  /** The folder of generated migrations, with `meta/_journal.json` in it. */
  migrationsFolder: string;
  clock: Clock;
  /** `all` unless told. */
  migrates?: Migrates | undefined;
  /** How many of the copies made before migrations are kept; 5 unless told. */
  backupsKept?: number;
  /** How many write works may wait before further ones are refused as `overloaded`; 10,000 unless told. */
  queueLimit?: number;
  /** For how long a write work may wait behind many others before it is refused as `overloaded`; for ever unless told. */
  longestWaitMs?: number;
  /** How many write works may share one commit; 1,000 unless told. */
  groupLimit?: number;
  /** Called after each commit. */
  onGroup?: (group: CommittedGroup) => void;
}

/** How long a write may take before the database counts as not ready. */
const readyMs = 5_000;

/** With less on its disk, a database that has lost writes is not ready for others. */
const roomBytes = 256 * 1024;

/**
 * Opens the database and brings it to the program's last migration. Throws, and changes nothing, if it is newer than
 * the program, or cannot be migrated or written.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const migrations = readMigrations(options.migrationsFolder);
  const place = options.file === ':memory:' ? temporaryPlace() : lastingPlace(options.file);
  let writer: Sqlite.Database | undefined;
  try {
    writer = await openWriter(place.file);
    await migrate(writer, migrations, {
      file: place.file,
      clock: options.clock,
      backupsKept: options.backupsKept ?? 5,
      migrates: options.migrates,
    });
    await assertWritable(writer);
    return new SqliteDatabase(options, place, migrations, writer, openReader(place.file));
  } catch (error) {
    writer?.close();
    place.remove();
    throw asSeenOutside(error);
  }
}

/** Where the file lies, and what is to be done about it when it has been closed. */
interface Place {
  file: string;
  remove(): void;
}

function lastingPlace(file: string): Place {
  mkdirSync(dirname(file), { recursive: true });
  // Nobody else's to read: it holds who reported what. The files that SQLite puts beside it are as this one is.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  return { file, remove: () => undefined };
}

/** Two connections cannot share a database that is only in memory, so it is a file of its own that is removed. */
function temporaryPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-'));
  return { file: join(folder, 'jindu.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

class SqliteDatabase implements Database {
  readonly engine: Engine = sqliteEngine;
  readonly metrics: DatabaseMetrics;
  readonly sharedCounts = null;
  readonly #place: Place;
  readonly #hasOtherProcesses: boolean;
  readonly #migrations: readonly Migration[];
  readonly #writer: Sqlite.Database;
  readonly #reader: Sqlite.Database;
  readonly #readerDb: Db;
  readonly #snapshot: SharedSnapshot;
  readonly #memory = new Memory(besideFile);
  readonly #recollect = () => (this.#snapshot.isNewest ? this.#memory.ofReaders : null);
  readonly #version: Sqlite.Statement<[], number>;
  #versionSeen: number;
  readonly #queue: WriteQueue;
  readonly #log: WriteAheadLog;
  readonly #clock: UnitClock;
  readonly #threads: SqliteWritingThread[] = [];
  readonly #counted = { reads: 0, writes: 0, groups: 0, commitSecondsTotal: 0 };
  #closing: Promise<void> | undefined;
  /** The last group was lost to the storage, so only a commit that succeeds says that it is well again. */
  #isInDoubt = false;

  constructor(
    options: OpenDatabaseOptions,
    place: Place,
    migrations: readonly Migration[],
    writer: Sqlite.Database,
    reader: Sqlite.Database,
  ) {
    this.#place = place;
    this.#hasOtherProcesses = options.hasOtherProcesses ?? false;
    this.#migrations = migrations;
    this.#writer = writer;
    this.#reader = reader;
    this.#readerDb = queriesOn(reader);
    this.#snapshot = new SharedSnapshot(reader, () => this.#isChangedByOthers());
    this.#version = writer.prepare<[], number>('PRAGMA data_version').pluck();
    this.#versionSeen = this.#version.get() as number;
    this.#clock = new UnitClock(options.clock);
    this.#log = new WriteAheadLog(place.file, writer);
    const writes = new SqliteWrites(writer);
    this.#queue = new WriteQueue({
      owner: this,
      engine: this.engine,
      connection: writer,
      db: queriesOn(writer, writes),
      clock: this.#clock,
      limit: options.queueLimit ?? 10_000,
      longestWaitMs: options.longestWaitMs ?? Number.POSITIVE_INFINITY,
      groupLimit: options.groupLimit ?? 1_000,
      memory: this.#memory,
      writes,
      afterBegin: () => {
        if (this.#isChangedByOthers()) this.#snapshot.outdate();
      },
      beforeLongCommit: () => this.#log.flush(),
      beforeCommit: () => this.#snapshot.end(),
      onCommit: (group) => {
        this.#snapshot.outdate();
        this.#isInDoubt = false;
        this.#counted.writes += group.writes;
        this.#counted.groups += 1;
        this.#counted.commitSecondsTotal += group.commitSeconds;
        this.#log.moveIfLong();
        options.onGroup?.(group);
      },
      onFailure: (error) => {
        this.#isInDoubt ||= isStorageFault(error);
      },
      onReturn: () => {
        // As before a commit of our own: what no snapshot needs can be moved out of the log.
        this.#snapshot.end();
        this.#snapshot.outdate();
      },
    });
    this.metrics = metricsOf(this.#queue, this.#counted);
  }

  async read<T>(work: (unit: ReadUnit) => Promise<T>): Promise<T> {
    this.#assertOpen();
    assertNotInside(this);
    if (this.#hasOtherProcesses && this.#isChangedByOthers()) this.#snapshot.outdate();
    while (!this.#snapshot.isJoinable) {
      await this.#snapshot.released();
      this.#assertOpen();
    }
    try {
      this.#snapshot.hold();
    } catch (error) {
      throw asSeenOutside(error);
    }
    this.#counted.reads += 1;
    const unit = new Unit(this, this.engine, this.#readerDb, this.#clock.now(), this.#recollect);
    try {
      return await runInside(unit, work);
    } catch (error) {
      throw isWriteOnReader(error)
        ? new Error('A read unit was used to write.', { cause: error })
        : asSeenOutside(error);
    } finally {
      unit.end();
      this.#snapshot.letGo();
    }
  }

  async write<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    this.#assertOpen();
    assertNotInside(this);
    return this.#queue.add(work, foreseen);
  }

  writingThread(module: URL, settings: object): WritingThread {
    this.#assertOpen();
    const lend: Lend = async (use) => {
      this.#assertOpen();
      await this.#queue.lend(use);
    };
    const thread = new SqliteWritingThread({ module, file: this.#place.file, settings, lend });
    this.#threads.push(thread);
    return thread;
  }

  raiseClock(instant: Instant): void {
    this.#clock.raise(instant);
  }

  async ready(): Promise<void> {
    if (this.#isInDoubt) await assertRoomBeside(this.#place.file);
    const written = this.write(async () => {
      if (this.#isInDoubt) {
        // Writes a page and changes nothing.
        const version = this.#writer.pragma('user_version', { simple: true }) as number;
        this.#writer.pragma(`user_version = ${version}`);
      }
    });
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new JinduError('storage_unavailable', 'The database does not answer in time.'));
    }, readyMs);
    try {
      await Promise.race([written, late.promise]);
    } finally {
      clearTimeout(timer);
    }
    assertMigrated(this.#reader, this.#migrations);
  }

  async backup(toFile: string): Promise<void> {
    this.#assertOpen();
    assertNotInside(this);
    await backupFile(this.#place.file, toFile);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const thread of this.#threads) await thread.close();
    await this.#queue.idle();
    while (this.#snapshot.isHeld) {
      await this.#snapshot.released();
    }
    this.#snapshot.end();
    this.#reader.close();
    await this.#log.close();
    try {
      this.#writer.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // On a full disk the log stays beside the file, with all that is in it: nothing is lost, and the next start reads it.
      if (!isStorageFault(asSeenOutside(error))) {
        throw error;
      }
    } finally {
      this.#writer.close();
      this.#place.remove();
    }
  }

  /** Whether another process, or a command beside this one, has changed the database since this was asked last. */
  #isChangedByOthers(): boolean {
    // To the connection that writes, its own commits are no change.
    const version = this.#version.get() as number;
    if (version === this.#versionSeen) return false;
    this.#versionSeen = version;
    this.#memory.clear();
    return true;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) {
      throw new JinduError('storage_unavailable', 'The database is being closed.');
    }
  }
}

/**
 * On a full disk a page may still find room where the log was longer before, and what one has to report may not.
 * @throws JinduError `storage_unavailable`
 */
async function assertRoomBeside(file: string): Promise<void> {
  const { bavail, bsize } = await statfs(file);
  if (bavail * bsize < roomBytes)
    throw new JinduError('storage_unavailable', 'The disk that holds the database is full.');
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
