import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { JinduError } from '../../src/shared/errors.ts';
import { addEntry, entryMigrations, entryNames } from './entries.ts';
import {
  migrationsFolder,
  rejectionOf,
  scratchFolder,
  sqliteEntryDatabase,
  sqliteEntryFile,
} from './scratch.ts';

describe('a full disk', () => {
  test('is told as such, costs nobody else their write, and is over when there is room again', async () => {
    const database = await sqliteEntryDatabase();
    await database.write((unit) => addEntry(unit, { name: 'before' }));
    await database.write(async (unit) => {
      const [pages] = await unit.db.all<{ page_count: number }>(sql`pragma page_count`);
      await unit.db.run(sql.raw(`pragma max_page_count = ${(pages?.page_count ?? 0) + 1}`));
    });
    const outcomes = await Promise.allSettled([
      database.write((unit) => addEntry(unit, { name: 'small' })),
      database.write((unit) => addEntry(unit, { name: 'x'.repeat(100_000) })),
      database.write((unit) => addEntry(unit, { name: 'small too' })),
    ]);
    const refusal = (outcomes[1] as PromiseRejectedResult).reason as JinduError;
    expect(refusal).toBeInstanceOf(JinduError);
    expect(refusal).toMatchObject({ code: 'storage_unavailable', cause: { code: 'SQLITE_FULL' } });
    expect(refusal.message).not.toContain('database or disk is full');

    // Whoever was told that it was written, and nobody else, is there.
    const kept = ['small', undefined, 'small too'].filter(
      (_, index) => outcomes[index]?.status === 'fulfilled',
    );
    expect(await entryNames(database)).toEqual(['before', ...kept]);

    await database.write((unit) => unit.db.run(sql`pragma max_page_count = 1000000`));
    await database.ready();
    await database.write((unit) => addEntry(unit, { name: 'x'.repeat(100_000) }));
  });
});

describe('a file that is no database', () => {
  test('is refused without a word of the engine’s own', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'jindu.db');
    writeFileSync(file, 'This is a letter. '.repeat(1_000));
    const refusal = await rejectionOf(
      openDatabase({ file, migrationsFolder: migrationsFolder(folder, entryMigrations), clock: systemClock }),
    );
    expect(refusal).toMatchObject({
      code: 'storage_unavailable',
      detail: 'The database is damaged.',
      cause: { code: 'SQLITE_NOTADB' },
    });
  });
});

describe('another process that writes', () => {
  test('is waited for, and readers do not wait', async () => {
    const { database, file } = await sqliteEntryFile();
    const other = new Sqlite(file);
    onTestFinished(() => {
      other.close();
    });
    other.exec("BEGIN IMMEDIATE; INSERT INTO entries (name) VALUES ('theirs')");
    const ours = database.write((unit) => addEntry(unit, { name: 'ours' }));
    const untilMs = performance.now() + 250;
    while (performance.now() < untilMs) {
      expect(await entryNames(database)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    other.exec('COMMIT');
    await ours;
    expect(await entryNames(database)).toEqual(['theirs', 'ours']);
  });

  test('is given up after a while: nothing is written, and the next write is tried anew', async () => {
    const { database, file } = await sqliteEntryFile();
    const other = new Sqlite(file);
    onTestFinished(() => {
      other.close();
    });
    other.exec('BEGIN IMMEDIATE');
    const refusals = await Promise.all([
      rejectionOf(database.write((unit) => addEntry(unit, { name: 'first' }))),
      rejectionOf(database.write((unit) => addEntry(unit, { name: 'second' }))),
      rejectionOf(database.ready()),
    ]);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'storage_unavailable' });
    }
    other.exec('ROLLBACK');
    await database.ready();
    await database.write((unit) => addEntry(unit, { name: 'third' }));
    expect(await entryNames(database)).toEqual(['third']);
  });
});
