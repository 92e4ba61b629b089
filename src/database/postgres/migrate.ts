import type { Clock } from '../../shared/clock.ts';
import { assertMayMigrate, countLacking, type Migrates, type Migration } from '../migrate.ts';
import { type Connection, rowsOf } from './connection.ts';

/** Any number, as long as it is always the same: whoever holds it migrates, the others wait. */
const migrationLock = 5_239_842_211;

/**
 * The tables that are there before any migration: which ones have been applied, the turn of the writers, and what all
 * processes count together.
 */
const ownTables = `
  create table if not exists applied_migrations (
    position integer primary key, tag text not null unique, hash text not null, applied_at text not null
  );
  create table if not exists write_turn (id integer primary key check (id = 1), at text);
  alter table write_turn add column if not exists turn bigint not null default 0;
  insert into write_turn (id) values (1) on conflict do nothing;
  create unlogged table if not exists request_counts (
    key text collate "C" primary key, since timestamptz not null, count bigint not null
  )`;

/**
 * Brings the database to the last of `migrations`. All that are pending are applied in one transaction; if anything
 * fails, the database is as it was. Refuses a database that is newer than the program, whose migrations were changed,
 * or that is none of Jindu's.
 *
 * Several processes may do this at once on one database: one migrates, the others wait for it. No copy is made before:
 * that is the server's matter, with its own programs.
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  { clock, migrates }: { clock: Clock; migrates?: Migrates | undefined },
): Promise<void> {
  await assertUsable(connection);
  const pending = await countPending(connection, migrations);
  assertMayMigrate(pending, migrations, migrates);
  if (pending === 0) return;
  connection.begin('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await rowsOf(connection, 'select pg_advisory_xact_lock($1)', [migrationLock]);
    await migrateAlone(connection, migrations, clock.now());
    await connection.command('COMMIT');
  } catch (error) {
    await connection.command('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** How many of the last migrations the database lacks, if it has exactly all the earlier ones. */
export async function countPending(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<number> {
  return countLacking(await readApplied(connection), migrations);
}

async function migrateAlone(
  connection: Connection,
  migrations: readonly Migration[],
  now: Date,
): Promise<void> {
  const lacking = await countPending(connection, migrations);
  if (lacking === 0) return;
  await connection.command(ownTables);
  await connection.command('update write_turn set turn = turn + 1 where id = 1');
  for (const [index, { tag, hash, statements }] of migrations.entries()) {
    if (index < migrations.length - lacking) continue;
    try {
      await connection.command(statements.map(inThisSchema).join(';\n'));
    } catch (error) {
      throw new Error(`The migration ${tag} failed; the database is as it was.`, { cause: error });
    }
    const row = [index + 1, tag, hash, now.toISOString()];
    await rowsOf(connection, 'insert into applied_migrations values ($1, $2, $3, $4)', row);
  }
}

/** drizzle-kit names the schema where a table refers to another one. The tables may well be in a schema of their own. */
function inThisSchema(statement: string): string {
  return statement.replaceAll('"public".', '');
}

async function assertUsable(connection: Connection): Promise<void> {
  const [row] = await rowsOf(connection, `select current_schema(), current_setting('server_encoding')`);
  const [schema, encoding] = row as [string | null, string];
  if (encoding !== 'UTF8') {
    throw new Error(`The database has the encoding ${encoding}; create one with the encoding UTF8.`);
  }
  if (schema === null) {
    throw new Error(
      'None of the schemas in the search path exists; create one, such as with: create schema public',
    );
  }
}

async function readApplied(connection: Connection): Promise<{ tag: string; hash: string }[]> {
  const tables = await rowsOf(
    connection,
    `select table_name from information_schema.tables
     where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`,
  );
  const names = tables.map(([name]) => name as string);
  if (names.includes('applied_migrations')) {
    const rows = await rowsOf(connection, 'select tag, hash from applied_migrations order by position');
    return rows.map(([tag, hash]) => ({ tag, hash }) as { tag: string; hash: string });
  }
  if (names.length > 0) {
    throw new Error(
      `The database holds tables (${names.join(', ')}) but no record of migrations: it is none of ours.`,
    );
  }
  return [];
}
