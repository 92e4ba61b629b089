import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Database, type OpenDatabaseOptions, openDatabase } from '../../src/database/index.ts';
import { type OpenPostgresOptions, openPostgresDatabase } from '../../src/database/postgres/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { createSchema, type PostgresSchema, testEngine } from '../support/engines.ts';
import { type Unreliable, unreliable } from '../support/unreliable.ts';
import { entryMigrations, postgresEntryMigrations } from './entries.ts';

/** A folder that is gone when the test has finished. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes `migrations`, each by its tag, as drizzle-kit would, and returns their folder. */
export function migrationsFolder(
  folder: string,
  migrations: Record<string, string>,
  whenOf: (index: number) => number = (index) => 1_700_000_000_000 + index,
): string {
  const path = join(folder, 'migrations');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, 'meta'), { recursive: true });
  const entries = Object.keys(migrations).map((tag, index) => ({
    idx: index,
    version: '6',
    when: whenOf(index),
    tag,
    breakpoints: true,
  }));
  const journal = { version: '7', dialect: 'sqlite', entries };
  writeFileSync(join(path, 'meta', '_journal.json'), JSON.stringify(journal));
  for (const [tag, text] of Object.entries(migrations)) {
    writeFileSync(join(path, `${tag}.sql`), text);
  }
  return path;
}

/** What the tests of every engine may ask for. */
export type EntryOptions = Partial<
  Pick<OpenDatabaseOptions, 'clock' | 'queueLimit' | 'longestWaitMs' | 'onGroup'>
>;

/** A database with one table of entries, in a place of its own, closed when the test has finished. */
export async function entryDatabase(options: EntryOptions = {}): Promise<Database> {
  if (testEngine !== 'sqlite') {
    const schema = await schemaOfTest(testEngine);
    return await postgresEntryDatabase(schema.server, options);
  }
  return await sqliteEntryDatabase(options);
}

export async function sqliteEntryDatabase(options: EntryOptions = {}): Promise<Database> {
  return (await sqliteEntryFile(options)).database;
}

/** The same, for a test that also looks at the file, or opens it with another connection. */
export async function sqliteEntryFile({
  migrations = entryMigrations,
  ...options
}: Partial<OpenDatabaseOptions> & { migrations?: Record<string, string> } = {}): Promise<{
  database: Database;
  file: string;
}> {
  const folder = scratchFolder();
  const file = join(folder, 'jindu.db');
  const database = await openDatabase({
    file,
    migrationsFolder: migrationsFolder(folder, migrations),
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => database.close());
  return { database, file };
}

/** A schema that is gone when the test has finished. */
export async function schemaOfTest(engine: 'pglite' | 'postgres'): Promise<PostgresSchema> {
  const schema = await createSchema(engine);
  onTestFinished(() => schema.drop());
  return schema;
}

export async function postgresEntryDatabase(
  server: OpenPostgresOptions['server'],
  options: Partial<OpenPostgresOptions> = {},
): Promise<Database> {
  const database = await openPostgresDatabase({
    server,
    migrationsFolder: migrationsFolder(scratchFolder(), postgresEntryMigrations),
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => database.close());
  return database;
}

/** What a test of PostgreSQL alone runs on. */
export const postgresOfTests = testEngine === 'postgres' ? 'postgres' : 'pglite';

/** A database behind a way that can be cut. */
export async function unreliablePlace(): Promise<{
  schema: PostgresSchema;
  way: Unreliable;
  database: Database;
}> {
  const schema = await schemaOfTest(postgresOfTests);
  const way = await unreliable(schema.server);
  onTestFinished(() => way.close());
  return { schema, way, database: await postgresEntryDatabase(way.server) };
}

/** Resolves with what `promise` is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It was not rejected.');
    },
    (error: unknown) => error,
  );
}
