import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backupFile, type Database, openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { addEntry, entryMigrations, entryNames } from './entries.ts';
import { migrationsFolder, rejectionOf, scratchFolder } from './scratch.ts';

interface Site {
  database: Database;
  file: string;
  copy: string;
  open(file: string): Promise<Database>;
}

async function site(entries: number): Promise<Site> {
  const folder = scratchFolder();
  const migrations = migrationsFolder(folder, entryMigrations);
  async function open(file: string): Promise<Database> {
    const database = await openDatabase({ file, migrationsFolder: migrations, clock: systemClock });
    onTestFinished(() => database.close());
    return database;
  }
  const file = join(folder, 'jindu.db');
  const database = await open(file);
  await database.write(async (unit) => {
    for (let number = 0; number < entries; number += 1) {
      await addEntry(unit, { name: `entry ${number} ${'x'.repeat(200)}` });
    }
  });
  return { database, file, copy: join(folder, 'copies', 'copy.db'), open };
}

describe('a backup', () => {
  test('is a whole database in one file, equal to the one that runs', async () => {
    const { database, copy, open } = await site(500);
    await database.backup(copy);
    expect(readdirSync(dirname(copy))).toEqual(['copy.db']);
    const restored = await open(copy);
    expect(await entryNames(restored)).toEqual(await entryNames(database));
    await restored.write((unit) => addEntry(unit, { name: 'goes on' }));
  });

  test('holds one moment, and comes to an end, while others go on writing', async () => {
    const { database, copy, open } = await site(20_000);
    let isDone = false;
    let answeredBefore = 0;
    let written = 0;
    const writing = (async () => {
      while (!isDone) {
        await Promise.all(
          Array.from({ length: 20 }, (_, index) => {
            const name = `meanwhile ${written + index}`;
            return database.write(async (unit) => {
              await addEntry(unit, { name });
              await addEntry(unit, { name: `${name}, too` });
            });
          }),
        );
        written += 20;
      }
    })();
    while (written < 100) {
      await new Promise(setImmediate);
    }
    answeredBefore = written;
    await database.backup(copy);
    const answeredAfter = written;
    isDone = true;
    await writing;
    expect(answeredAfter).toBeGreaterThan(answeredBefore);
    const copied = (await entryNames(await open(copy))).slice(20_000);
    expect(copied.length).toBeGreaterThanOrEqual(answeredBefore * 2);
    expect(copied).toEqual((await entryNames(database)).slice(20_000, 20_000 + copied.length));
    expect(copied.length % 2).toBe(0);
  });

  test('can be made by another process while the database is in use', async () => {
    const { database, file, copy, open } = await site(2_000);
    const script = `import { backupFile } from ${JSON.stringify(join(import.meta.dirname, '../../src/database/index.ts'))};
      await backupFile(${JSON.stringify(file)}, ${JSON.stringify(copy)});`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
    const closed = once(child, 'close');
    let isDone = false;
    void closed.then(() => {
      isDone = true;
    });
    let written = 0;
    while (!isDone) {
      written += 1;
      await database.write((unit) => addEntry(unit, { name: `meanwhile ${written}` }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await closed).toEqual([0, null]);
    const names = await entryNames(await open(copy));
    expect(names).toEqual((await entryNames(database)).slice(0, names.length));
    expect(names.length).toBeGreaterThanOrEqual(2_000);
  }, 60_000);

  test('can be made of a database that nobody has open', async () => {
    const { database, file, copy, open } = await site(10);
    const names = await entryNames(database);
    await database.close();
    await backupFile(file, copy);
    expect(await entryNames(await open(copy))).toEqual(names);
  });

  test('never replaces a file', async () => {
    const { database, file, copy } = await site(1);
    await database.backup(copy);
    expect(String(await rejectionOf(database.backup(copy)))).toContain('already a file');
    expect(String(await rejectionOf(database.backup(file)))).toContain('already a file');
    expect(readdirSync(dirname(copy))).toEqual(['copy.db']);
  });

  test('of a damaged database is refused, and nothing of it is left', async () => {
    const { database, file, copy } = await site(5_000);
    await database.close();
    const connection = new Sqlite(file);
    connection.unsafeMode(true);
    connection.pragma('writable_schema = ON');
    connection.exec("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'entries_name_unique'");
    connection.close();
    await rejectionOf(backupFile(file, copy));
    expect(readdirSync(dirname(copy))).toEqual([]);
  });

  test('of what is not there is refused, and makes nothing', async () => {
    const { file, copy } = await site(1);
    const missing = `${file}.missing`;
    expect(await rejectionOf(backupFile(missing, copy))).toMatchObject({ code: 'storage_unavailable' });
    expect(existsSync(missing)).toBe(false);
    writeFileSync(missing, 'not a database '.repeat(500));
    expect(await rejectionOf(backupFile(missing, copy))).toMatchObject({ code: 'storage_unavailable' });
    expect(readdirSync(dirname(copy))).toEqual([]);
  });
});
