import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Instant } from '../shared/clock.ts';
import type { Engine } from './columns.ts';
import type { GatheredKind, GatheredRow } from './gathered.ts';
import type { Recollection } from './memory.ts';

/**
 * What queries are built on, whatever the engine. Always await the query itself: `.get()`, `.all()` and `.run()`
 * behave differently from one engine to the other.
 */
export type Db = BaseSQLiteDatabase<'async', unknown>;

/** One consistent view of the database: everything read through it was true at the same moment. */
export interface ReadUnit {
  /** Throws once the work that was given this unit has ended. */
  readonly db: Db;
  readonly engine: Engine;
  /** When this unit began. Never before the `now` of a unit that began earlier, even if the clock is set back. */
  readonly now: Instant;
  /** What is remembered of what this unit would read; null where nothing is. See `remembered`. */
  readonly recollection: Recollection | null;
}

/** A view in which the changes are kept all together, or not at all. No other writer runs before it has ended. */
export interface WriteUnit extends ReadUnit {
  readonly writes: true;
  /**
   * To be awaited now and then inside long work: when the process has been kept busy for some milliseconds, it lets
   * others (readers, requests) have their turn. Other writers go on waiting.
   */
  breathe(): Promise<void>;
  /** Has a row written at the latest when something else is asked of this unit, or when the work ends. See `gathered.ts`. */
  gather(kind: GatheredKind, row: GatheredRow): Promise<void>;
}

/**
 * The database. A work may await its unit's queries, `breathe`, and nothing else that waits for the outside world.
 * Inside a work no further unit is opened: hand the unit on. Doing so throws an error that says so.
 *
 * What the storage refuses (full, damaged, read-only, away) is thrown as JinduError `storage_unavailable`; nothing is
 * kept then, unless its detail says that this is not known. A queue that has grown too long is thrown as `overloaded`.
 * Whatever else a work throws comes out as it is.
 */
export interface Database {
  readonly engine: Engine;
  /** Runs `work` on one consistent view that contains every write answered before this call. */
  read<T>(work: (unit: ReadUnit) => Promise<T>): Promise<T>;
  /**
   * Runs `work` alone and in the order of the calls, and answers when its changes are on the disk. If it throws,
   * nothing of it is kept.
   * @param foreseen what the work will surely look up, where that is known beforehand
   */
  write<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T>;
  /**
   * A thread for works that would keep this process busy for long: it writes to the same database, in turns with it.
   * Null where no work does, since it waits for a server most of the time. It is started when it is first needed, and
   * ends with the database.
   * @param module calls `carryOutTasks`
   * @param settings can be cloned
   */
  writingThread(module: URL, settings: object): WritingThread | null;
  /** No later `now` will be earlier than this. To be called at the start with the newest instant recorded. */
  raiseClock(instant: Instant): void;
  /** Resolves if the database takes writes and has exactly the migrations that this program knows. */
  ready(): Promise<void>;
  /** Copies the database as it is now into a new, checked file. See `backupFile`. */
  backup(toFile: string): Promise<void>;
  /** Refuses new units, lets what is queued end, moves the log into the file and closes it. */
  close(): Promise<void>;
  readonly metrics: DatabaseMetrics;
  /** Null where there is nobody to share them with. */
  readonly sharedCounts: SharedCounts | null;
}

/**
 * What a work will look up. What the works of one group have foreseen is looked up at once before they run, and
 * remembered for them: in one question where each waits for a server, and everywhere without what was gathered being
 * sent in between. It changes nothing but the time.
 */
export interface Foreseen {
  readonly id: string;
  /** Reads and remembers all of these; the same function for all ids of a kind. */
  lookUp(unit: ReadUnit, ids: readonly string[]): Promise<void>;
}

/**
 * Has tasks carried out in a thread of its own, so that neither the work nor the commit keeps this process from
 * answering. Whatever a task has written is read by every unit that begins after its outcome is here.
 */
export interface WritingThread {
  /**
   * Several may be under way; their units of work run one after the other.
   * @param input can be cloned
   * @param moved what of it is moved instead, and is no longer there then
   * @throws what the task throws; an error if the thread ends by itself, and then it may be that something was written
   */
  carryOut(input: unknown, moved?: readonly ArrayBuffer[]): Promise<unknown>;
}

/** Counts that all processes on one database add to. They are short-lived, and may be lost with the server. */
export interface SharedCounts {
  /**
   * Adds to the count of each key, and resolves with what these have come to over all processes. A count begins anew
   * when `windowMs` have passed since it began.
   */
  add(added: ReadonlyMap<string, number>, windowMs: number): Promise<ReadonlyMap<string, SharedCount>>;
}

export interface SharedCount {
  count: number;
  /** How long ago it began. */
  ageMs: number;
}

/** A database that is only looked at. */
export type ReadableDatabase = Pick<Database, 'engine' | 'read' | 'close'>;

/** Counted since the database was opened. */
export interface DatabaseMetrics {
  /** Write works that wait or run now. */
  readonly queueDepth: number;
  readonly reads: number;
  /** Write works whose changes were kept. */
  readonly writes: number;
  /** Write works that ended with an error of their own or of their group's commit. */
  readonly failedWrites: number;
  /** Write works that were refused because the queue was full. */
  readonly refusedWrites: number;
  /** Groups of write works that were committed together. */
  readonly groups: number;
  readonly commitSecondsTotal: number;
}

/** One group of write works, when it has been committed. */
export interface CommittedGroup {
  /** How many works were kept together. */
  writes: number;
  /** How long the commit itself took, the disk included. */
  commitSeconds: number;
  /** How long the works and the commit took. */
  seconds: number;
}
