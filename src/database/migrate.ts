import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import type { Clock } from '../shared/clock.ts';
import { backupFile } from './backup.ts';
import { whileBusy } from './busy.ts';

/** How long to wait for another process that migrates the same file. */
const otherMigrationMs = 10 * 60_000;

/** The table that says which migrations the database has, in their order. */
const record = 'applied_migrations';

/** One step of the schema, as drizzle-kit has written it. */
export interface Migration {
  /** Its number and name, such as `0003_brave_hulk`. */
  tag: string;
  /** Of its text, so that one that was changed after it was applied is noticed. */
  hash: string;
  statements: string[];
}

/**
 * Which databases that lack migrations are migrated when they are opened: all of them, only one that is new and holds
 * nothing yet, or none. The others are refused, and are as they were.
 */
export type Migrates = 'all' | 'new' | 'none';

export interface MigrateOptions {
  file: string;
  clock: Clock;
  /** How many of the copies made before migrations are kept. */
  backupsKept: number;
  /** `all` unless told. */
  migrates?: Migrates | undefined;
}

/** Reads the migrations of a folder in the order of its journal, which must name exactly the files that are there. */
export function readMigrations(folder: string): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  const tags = journal.entries.map((entry) => entry.tag);
  const stray = readdirSync(folder).find(
    (name) => name.endsWith('.sql') && !tags.includes(basename(name, '.sql')),
  );
  if (stray !== undefined) {
    throw new Error(
      `The migration ${join(folder, stray)} is not in the journal, so it would never be applied.`,
    );
  }
  return tags.map((tag) => {
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8').replaceAll('\r\n', '\n');
    return {
      tag,
      hash: createHash('sha256').update(text).digest('hex'),
      statements: text.split('--> statement-breakpoint'),
    };
  });
}

/**
 * Brings the database to the last of `migrations`. All that are pending are applied in one transaction, after a copy
 * of the file has been made beside it (not for a new one); if anything fails, the database is as it was. Refuses a
 * database that is newer than the program, whose migrations were changed, or that is none of Jindu's.
 *
 * Several processes may do this at once on one file: one migrates, the others wait for it.
 */
export async function migrate(
  connection: Sqlite.Database,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<void> {
  const pending = countPending(connection, migrations);
  assertMayMigrate(pending, migrations, options.migrates);
  if (pending === 0) {
    return;
  }
  // SQLite ignores this inside of a transaction. With it on, rebuilding a table would delete the rows that refer to it.
  connection.pragma('foreign_keys = OFF');
  try {
    await whileBusy(() => connection.exec('BEGIN IMMEDIATE'), otherMigrationMs);
    await migrateAlone(connection, migrations, options);
  } finally {
    if (connection.inTransaction) {
      connection.exec('ROLLBACK');
    }
    connection.pragma('foreign_keys = ON');
  }
}

/** Throws where a database that lacks the last `pending` of `migrations` is to be left as it is. */
export function assertMayMigrate(
  pending: number,
  migrations: readonly Migration[],
  migrates: Migrates = 'all',
): void {
  const isNew = pending === migrations.length;
  if (pending === 0 || migrates === 'all' || (migrates === 'new' && isNew)) return;
  throw new Error(
    isNew
      ? 'The database holds nothing yet, not even tables.'
      : `The database lacks ${pending} of the ${migrations.length} migrations of this program; ` +
          'start this program on it once, which migrates it, or run the program that it belongs to.',
  );
}

/** Throws unless the database has exactly `migrations`. */
export function assertMigrated(connection: Sqlite.Database, migrations: readonly Migration[]): void {
  assertMayMigrate(countPending(connection, migrations), migrations, 'none');
}

/** To be called within a transaction that keeps other writers out; ends it if all goes well. */
async function migrateAlone(
  connection: Sqlite.Database,
  migrations: readonly Migration[],
  { file, clock, backupsKept }: MigrateOptions,
): Promise<void> {
  const pending = migrations.slice(migrations.length - countPending(connection, migrations));
  const [first] = pending;
  if (first === undefined) {
    return;
  }
  const now = clock.now();
  const copies = `${file}.backups`;
  const copy = join(copies, `${now.toISOString().replaceAll(/[-:.]/g, '')}-before-${first.tag}.db`);
  if (pending.length < migrations.length) {
    await backupFile(file, copy);
  }
  try {
    apply(connection, pending, now);
    assertNoOrphans(connection);
    assertMigrated(connection, migrations);
    connection.exec('COMMIT');
  } catch (error) {
    // The database is as it was. To keep a copy of it for each attempt would push out those of earlier versions.
    rmSync(copy, { force: true });
    throw error;
  }
  if (pending.length < migrations.length) {
    removeOlderCopies(copies, backupsKept);
  }
}

function removeOlderCopies(folder: string, kept: number): void {
  const copies = readdirSync(folder)
    .filter((name) => /^\d{8}T\d{9}Z-before-.+\.db$/.test(name))
    .sort();
  for (const name of copies.slice(0, Math.max(0, copies.length - kept))) {
    rmSync(join(folder, name));
  }
}

function apply(connection: Sqlite.Database, migrations: readonly Migration[], now: Date): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS ${record} (
    position integer PRIMARY KEY, tag text NOT NULL UNIQUE, hash text NOT NULL, applied_at text NOT NULL
  )`);
  const note = connection.prepare(`INSERT INTO ${record} (tag, hash, applied_at) VALUES (?, ?, ?)`);
  for (const { tag, hash, statements } of migrations) {
    try {
      for (const statement of statements) {
        connection.exec(statement);
      }
    } catch (error) {
      throw new Error(`The migration ${tag} failed; the database is as it was.`, { cause: error });
    }
    note.run(tag, hash, now.toISOString());
  }
}

/** How many of the last migrations the database lacks, if it has exactly all the earlier ones. */
function countPending(connection: Sqlite.Database, migrations: readonly Migration[]): number {
  return countLacking(readApplied(connection), migrations);
}

/**
 * How many of the last migrations were not `applied`. Throws, and says why, unless the applied ones are exactly all the
 * earlier ones.
 */
export function countLacking(
  applied: readonly { tag: string; hash: string }[],
  migrations: readonly Migration[],
): number {
  for (const [position, { tag, hash }] of applied.entries()) {
    const known = migrations[position];
    if (!migrations.some((migration) => migration.tag === tag)) {
      const newest = applied.at(-1)?.tag;
      throw new Error(
        `The database is newer than this program: it has been migrated to ${newest}, and this program knows ` +
          `${migrations.at(-1)?.tag ?? 'no migration'} as the last. Run a program that knows ${tag}.`,
      );
    }
    if (known?.tag !== tag) {
      throw new Error(
        `The migration ${known?.tag} stands before ${tag}, which the database has already. ` +
          'Put it at the end of the journal, so that every database goes through the same steps.',
      );
    }
    if (known.hash !== hash) {
      throw new Error(
        `The migration ${tag} is not the one that was applied to the database: it was changed since.`,
      );
    }
  }
  return migrations.length - applied.length;
}

function readApplied(connection: Sqlite.Database): { tag: string; hash: string }[] {
  const tables = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    .pluck()
    .all() as string[];
  if (tables.includes(record)) {
    return connection.prepare(`SELECT tag, hash FROM ${record} ORDER BY position`).all() as {
      tag: string;
      hash: string;
    }[];
  }
  if (tables.length > 0) {
    throw new Error(
      `The database holds tables (${tables.join(', ')}) but no record of migrations: it is none of ours.`,
    );
  }
  return [];
}

function assertNoOrphans(connection: Sqlite.Database): void {
  const orphans = connection.pragma('foreign_key_check') as { table: string; parent: string }[];
  const [first] = orphans;
  if (first !== undefined) {
    throw new Error(
      `The migrated database would have ${orphans.length} rows that refer to nothing, the first in ${first.table} to ` +
        `${first.parent}; it is as it was.`,
    );
  }
}
