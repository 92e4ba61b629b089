import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Migrates,
  openDatabase,
  openReadableDatabase,
  type ReadUnit,
} from '../../src/database/index.ts';
import { openPostgresDatabase } from '../../src/database/postgres/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { addEntry, entryMigrations, entryTables, postgresEntryMigrations } from './entries.ts';
import { migrationsFolder, rejectionOf, schemaOfTest, scratchFolder } from './scratch.ts';

const another = { '0001_another': 'ALTER TABLE entries ADD COLUMN other text;' };

/** Opens a file with a program that knows `migrations`. */
function programAt(file: string) {
  return {
    open(migrations: Record<string, string>, migrates?: Migrates) {
      const folder = migrationsFolder(scratchFolder(), migrations);
      return openDatabase({ file, migrationsFolder: folder, clock: systemClock, migrates });
    },
    openReadable(migrations: Record<string, string>) {
      const folder = migrationsFolder(scratchFolder(), migrations);
      const database = openReadableDatabase({ file, migrationsFolder: folder, clock: systemClock });
      onTestFinished(() => database.close());
      return database;
    },
  };
}

async function namesIn(unit: ReadUnit): Promise<string[]> {
  const rows = await unit.db.select().from(entryTables(unit.engine).entries);
  return rows.map(({ name }) => name);
}

describe('a database file that is opened only to be read', () => {
  test('shows one moment in each unit, while others write', async () => {
    const program = programAt(join(scratchFolder(), 'jindu.db'));
    const database = await program.open(entryMigrations);
    onTestFinished(() => database.close());
    await database.write((unit) => addEntry(unit, { name: 'before' }));
    const readable = program.openReadable(entryMigrations);
    await readable.read(async (unit) => {
      expect(await namesIn(unit)).toEqual(['before']);
      await database.write((writing) => addEntry(writing, { name: 'meanwhile' }));
      expect(await namesIn(unit)).toEqual(['before']);
    });
    expect(await readable.read(namesIn)).toEqual(['before', 'meanwhile']);
  });

  test('cannot be written', async () => {
    const program = programAt(join(scratchFolder(), 'jindu.db'));
    await (await program.open(entryMigrations)).close();
    const readable = program.openReadable(entryMigrations);
    const refusal = await rejectionOf(
      readable.read((unit) => unit.db.insert(entryTables(unit.engine).entries).values({ name: 'a' })),
    );
    expect(refusal).toMatchObject({ message: 'A read unit was used to write.' });
  });

  test('is refused as it is unless it is at the last migration of the program', async () => {
    const file = join(scratchFolder(), 'jindu.db');
    const program = programAt(file);
    await (await program.open(entryMigrations)).close();
    const before = readFileSync(file);
    expect(() => program.openReadable({ ...entryMigrations, ...another })).toThrow(
      'The database lacks 1 of the 2 migrations of this program; start this program on it once',
    );
    expect(readFileSync(file)).toEqual(before);
    await (await program.open({ ...entryMigrations, ...another })).close();
    expect(() => program.openReadable(entryMigrations)).toThrow('The database is newer than this program');
  });

  test('is not made where it is not there', async () => {
    const file = join(scratchFolder(), 'jindu.db');
    expect(() => programAt(file).openReadable(entryMigrations)).toThrow('The database cannot be opened.');
    expect(readdirSync(dirname(file))).toEqual([]);
  });
});

describe('a database that is migrated only if it is new', () => {
  test('is migrated when it is new, and refused as it is when it is older than the program', async () => {
    const file = join(scratchFolder(), 'jindu.db');
    const program = programAt(file);
    await (await program.open(entryMigrations, 'new')).close();
    await (await program.open(entryMigrations, 'new')).close();
    const newer = { ...entryMigrations, ...another };
    const refusal = await rejectionOf(program.open(newer, 'new'));
    expect(String(refusal)).toContain('The database lacks 1 of the 2 migrations of this program');
    expect(existsSync(`${file}.backups`)).toBe(false);
    await (await program.open(entryMigrations, 'none')).close();
  });

  test('is so on PostgreSQL too', async () => {
    const { server } = await schemaOfTest('pglite');
    const open = async (migrations: Record<string, string>, migrates: Migrates) => {
      const folder = migrationsFolder(scratchFolder(), migrations);
      return await openPostgresDatabase({ server, migrationsFolder: folder, clock: systemClock, migrates });
    };
    const empty = await rejectionOf(open(postgresEntryMigrations, 'none'));
    expect(String(empty)).toContain('The database holds nothing yet, not even tables.');
    await (await open(postgresEntryMigrations, 'new')).close();
    const newer = { ...postgresEntryMigrations, ...another };
    for (const migrates of ['new', 'none'] as const) {
      const refusal = await rejectionOf(open(newer, migrates));
      expect(String(refusal)).toContain('The database lacks 1 of the 2 migrations of this program');
    }
    await (await open(postgresEntryMigrations, 'none')).close();
  });
});
