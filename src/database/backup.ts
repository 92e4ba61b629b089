import Sqlite from 'better-sqlite3';
import { openReader } from './connection.ts';
import { asSeenOutside } from './storage-errors.ts';
import { makeWholeFile } from './whole-file.ts';

/** How much is copied before others have their turn; one page is 4 KiB. */
const pagesPerTurn = 256;

/**
 * Copies the database `fromFile` as it is at this moment to `toFile`, which must not be there yet; its folder is made.
 * Others, this process or another, may read and write meanwhile; only the log is not emptied until the copy is done.
 * The copy is one file by itself. It gets its name only once it has been checked and is on the disk.
 *
 * Copying lets other work of this process go on, checking does not: a large database that is being served is better
 * copied from another process.
 */
export async function backupFile(fromFile: string, toFile: string): Promise<void> {
  try {
    await makeWholeFile(toFile, async (unfinished) => {
      await copy(fromFile, unfinished);
      check(unfinished);
    });
  } catch (error) {
    throw asSeenOutside(error);
  }
}

async function copy(fromFile: string, toFile: string): Promise<void> {
  const source = openReader(fromFile);
  try {
    // Without a transaction around it, every commit meanwhile would start the copy anew.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(toFile, { progress: () => pagesPerTurn });
  } finally {
    source.close();
  }
}

function check(file: string): void {
  const copied = new Sqlite(file, { fileMustExist: true });
  try {
    copied.pragma('journal_mode = DELETE');
    const verdict = copied.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') {
      throw new Error(`The copy is damaged: ${String(verdict)}`);
    }
    const [orphan] = copied.pragma('foreign_key_check') as { table: string; parent: string }[];
    if (orphan !== undefined) {
      throw new Error(`The copy has a row in ${orphan.table} that refers to nothing in ${orphan.parent}.`);
    }
  } finally {
    copied.close();
  }
}
