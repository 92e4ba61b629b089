import Sqlite from 'better-sqlite3';
import { JinduError } from '../shared/errors.ts';

// Errors are recognised by the engine's codes, never by its words, and its words never leave this folder except as
// the cause that is logged.

/** The primary codes that say that the storage, not the statement, is at fault; extended codes begin with them. */
const storageFaults: readonly (readonly [code: string, detail: string])[] = [
  ['SQLITE_FULL', 'The disk that holds the database is full.'],
  ['SQLITE_IOERR', 'The disk that holds the database cannot be read or written.'],
  ['SQLITE_READONLY', 'The database cannot be written.'],
  ['SQLITE_CORRUPT', 'The database is damaged.'],
  ['SQLITE_NOTADB', 'The database is damaged.'],
  ['SQLITE_CANTOPEN', 'The database cannot be opened.'],
  ['SQLITE_BUSY', 'The database is held by another process.'],
  ['SQLITE_LOCKED', 'The database is held by another process.'],
  ['SQLITE_PROTOCOL', 'The database is held by another process.'],
  ['SQLITE_NOMEM', 'There is not enough memory for the database.'],
];

/** Whether the database was held by another connection for longer than `busy_timeout`. */
export function isBusy(error: unknown): boolean {
  return engineCode(error)?.startsWith('SQLITE_BUSY') ?? false;
}

/** Whether the disk itself has failed to read, write or flush. */
export function isFailedDisk(error: unknown): boolean {
  return engineCode(error)?.startsWith('SQLITE_IOERR') ?? false;
}

/** Whether a statement that writes was run on a connection that only reads. */
export function isWriteOnReader(error: unknown): boolean {
  return engineCode(error) === 'SQLITE_READONLY';
}

/** `error` as the rest of the program may see it: the storage's own faults as `storage_unavailable`, others as they are. */
export function asSeenOutside(error: unknown): unknown {
  const code = engineCode(error);
  if (code === undefined || error instanceof JinduError) {
    return error;
  }
  const fault = storageFaults.find(([prefix]) => code.startsWith(prefix));
  return fault === undefined ? error : new JinduError('storage_unavailable', fault[1], [], { cause: error });
}

export function isStorageFault(error: unknown): boolean {
  return error instanceof JinduError && error.code === 'storage_unavailable';
}

function engineCode(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Sqlite.SqliteError) {
      return each.code;
    }
  }
  return undefined;
}
