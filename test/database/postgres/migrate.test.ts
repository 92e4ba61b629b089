import { describe, expect, test } from 'vitest';
import { type OpenPostgresOptions, openPostgresDatabase } from '../../../src/database/postgres/index.ts';
import { testEngine } from '../../support/engines.ts';
import { entryNames, postgresEntryMigrations } from '../entries.ts';
import { migrationsFolder, rejectionOf, schemaOfTest, scratchFolder } from '../scratch.ts';

const clock = { now: () => new Date('2023-07-03T01:02:03.004Z') };
const engine = testEngine === 'postgres' ? 'postgres' : 'pglite';
const withNotes = {
  ...postgresEntryMigrations,
  '0001_notes':
    'CREATE TABLE notes (text text NOT NULL); --> statement-breakpoint\nINSERT INTO notes VALUES (1);',
};

async function open(server: OpenPostgresOptions['server'], migrations: Record<string, string>) {
  const folder = migrationsFolder(scratchFolder(), migrations);
  return await openPostgresDatabase({ server, migrationsFolder: folder, clock });
}

async function start(server: OpenPostgresOptions['server'], migrations: Record<string, string>) {
  const database = await open(server, migrations);
  await database.ready();
  await database.close();
}

describe('migrating', () => {
  test('is done once when several processes start at the same time', async () => {
    const schema = await schemaOfTest(engine);
    const databases = await Promise.all(Array.from({ length: 6 }, () => open(schema.server, withNotes)));
    for (const database of databases) {
      await database.ready();
      expect(await entryNames(database)).toEqual([]);
      await database.close();
    }
    expect(await schema.query('select tag, applied_at from applied_migrations order by position')).toEqual([
      ['0000_entries', clock.now().toISOString()],
      ['0001_notes', clock.now().toISOString()],
    ]);
    expect(await schema.query('select count(*) from notes')).toEqual([[1]]);
  });

  test('applies what a newer program brings, and then refuses the older one', async () => {
    const schema = await schemaOfTest(engine);
    await start(schema.server, postgresEntryMigrations);
    const older = await open(schema.server, postgresEntryMigrations);
    await start(schema.server, withNotes);
    expect(await rejectionOf(older.ready())).toMatchObject({
      message: expect.stringContaining('newer than this program'),
    });
    await older.close();
    expect(await rejectionOf(open(schema.server, postgresEntryMigrations))).toMatchObject({
      message: expect.stringMatching(/^The database is newer than this program: .* Run a program that knows/),
    });
  });

  test('leaves the database as it was when a migration fails', async () => {
    const schema = await schemaOfTest(engine);
    await start(schema.server, postgresEntryMigrations);
    const failing = { ...withNotes, '0002_bad': 'INSERT INTO nowhere VALUES (1)' };
    expect(await rejectionOf(open(schema.server, failing))).toMatchObject({
      message: 'The migration 0002_bad failed; the database is as it was.',
    });
    await start(schema.server, postgresEntryMigrations);
    await start(schema.server, withNotes);
  });

  test('refuses a database that holds somebody else’s tables', async () => {
    const schema = await schemaOfTest(engine);
    await schema.run('create table invoices (id integer)');
    expect(await rejectionOf(open(schema.server, postgresEntryMigrations))).toMatchObject({
      message: expect.stringMatching(/holds tables \(invoices\) .* none of ours/),
    });
  });
});
