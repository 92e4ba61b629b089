import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/database/index.ts';
import { openPostgresDatabase } from '../../src/database/postgres/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { newDatabase, SqliteFile, type TestDatabase } from './test-database.ts';

/** A database as the program made it that had only the migrations up to `tag`, with nothing in it. */
export async function databaseUpTo(tag: string): Promise<TestDatabase> {
  const database = await newDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'jindu-older-'));
  const migrationsFolder = folder;
  try {
    if (database instanceof SqliteFile) {
      copyUpTo(tag, 'sqlite', folder);
      const { file } = database;
      await (await openDatabase({ file, migrationsFolder, clock: systemClock })).close();
    } else {
      copyUpTo(tag, 'postgres', folder);
      const server = database.server ?? database.url;
      await (await openPostgresDatabase({ server, migrationsFolder, clock: systemClock })).close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return database;
}

function copyUpTo(tag: string, engine: 'sqlite' | 'postgres', folder: string): void {
  const from = fileURLToPath(new URL(`../../migrations/${engine}/`, import.meta.url));
  const journal = JSON.parse(readFileSync(`${from}meta/_journal.json`, 'utf8')) as {
    entries: { tag: string }[];
  };
  const last = journal.entries.findIndex((entry) => entry.tag === tag);
  if (last === -1) throw new Error(`there is no migration ${tag}`);
  const entries = journal.entries.slice(0, last + 1);
  mkdirSync(join(folder, 'meta'));
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries }));
  for (const entry of entries) copyFileSync(`${from}${entry.tag}.sql`, join(folder, `${entry.tag}.sql`));
}
