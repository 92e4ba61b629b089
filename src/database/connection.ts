import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { JinduError } from '../shared/errors.ts';
import { whileBusy } from './busy.ts';

/** How long a statement waits for another process before it fails. It blocks this process, so it is short. */
const busyTimeoutMs = 100;

/**
 * The system keeps the file's pages as well, and a page is copied from there in microseconds. What a reader keeps is good
 * until the next commit only.
 */
const cacheKibibytes = { writer: 4 * 1024, reader: 2 * 1024 };

/**
 * With so many pages in the log the writer moves them into the file itself, and the process stands still meanwhile. Long
 * before that `WriteAheadLog` has it done: this is for when that fails.
 */
const longestLogPages = 60_000;

/** The log is cut down to this when it begins anew, should a burst have made it longer. */
const logBytesKept = 32 * 1024 * 1024;

/** How long opening waits for other processes that open the same new file. */
const otherOpeningMs = 30_000;

/**
 * A connection that writes. It turns the file to write-ahead logging, where readers and the writer do not wait
 * for each other.
 * @throws JinduError `storage_unavailable` for a file that is empty or missing while its log is there
 */
export async function openWriter(file: string): Promise<Sqlite.Database> {
  assertNotEmptied(file);
  const connection = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    const mode = await whileBusy(
      () => connection.pragma('journal_mode = WAL', { simple: true }),
      otherOpeningMs,
    );
    if (mode !== 'wal') {
      throw new Error(`The place of ${file} does not allow write-ahead logging; it must be on a local disk.`);
    }
    connection.pragma(`journal_size_limit = ${logBytesKept}`);
    connection.pragma(`wal_autocheckpoint = ${longestLogPages}`);
    tune(connection, cacheKibibytes.writer);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Throws the engine's error if nothing can be written: a file that may only be read is opened all the same, and says so
 * only when something is written. Writes nothing.
 */
export async function assertWritable(writer: Sqlite.Database): Promise<void> {
  await whileBusy(() => writer.exec('BEGIN IMMEDIATE'), otherOpeningMs);
  try {
    const version = writer.pragma('user_version', { simple: true }) as number;
    writer.pragma(`user_version = ${version}`);
  } finally {
    if (writer.inTransaction) {
      writer.exec('ROLLBACK');
    }
  }
}

/** A connection that can only read; the file must be there. */
export function openReader(file: string): Sqlite.Database {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  tune(connection, cacheKibibytes.reader);
  return connection;
}

/** The engine takes an empty file for a new database, and removes the log beside it, whatever that holds. */
function assertNotEmptied(file: string): void {
  const log = `${file}-wal`;
  if (bytesOf(file) > 0 || bytesOf(log) === 0) return;
  throw new JinduError(
    'storage_unavailable',
    `The database file ${file} is empty or missing, and its log ${log} holds changes. Put the file back, or, to begin ` +
      'anew without them, move the log away.',
  );
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function tune(connection: Sqlite.Database, kibibytes: number): void {
  // The build's own default for write-ahead logs is NORMAL, which may lose the last commits when the power fails.
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('temp_store = MEMORY');
  connection.pragma(`cache_size = -${kibibytes}`);
}
