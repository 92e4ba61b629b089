import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { migrationsFolder, rejectionOf, scratchFolder } from './scratch.ts';

const clock = { now: () => new Date('2023-07-03T01:02:03.004Z') };

const projects = `CREATE TABLE projects (id text PRIMARY KEY NOT NULL, title text NOT NULL);
--> statement-breakpoint
CREATE TABLE reports (
  id integer PRIMARY KEY, project_id text NOT NULL,
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE cascade
);`;

/** As drizzle-kit writes it when a column of the parent table may be null from now on. */
const rebuiltProjects = `PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE \`__new_projects\` (\`id\` text PRIMARY KEY NOT NULL, \`title\` text,
  CONSTRAINT "title_length" CHECK(length("__new_projects"."title") < 100));
--> statement-breakpoint
INSERT INTO \`__new_projects\`("id", "title") SELECT "id", "title" FROM \`projects\`;--> statement-breakpoint
DROP TABLE \`projects\`;--> statement-breakpoint
ALTER TABLE \`__new_projects\` RENAME TO \`projects\`;--> statement-breakpoint
PRAGMA foreign_keys=ON;`;

class Site {
  readonly folder = scratchFolder();
  readonly file = join(this.folder, 'data', 'jindu.db');

  /** Opens the database with a program that knows `migrations`, and closes it again. */
  async start(migrations: Record<string, string>, whenOf?: (index: number) => number): Promise<void> {
    const database = await openDatabase({
      file: this.file,
      migrationsFolder: migrationsFolder(this.folder, migrations, whenOf),
      clock,
    });
    await database.ready();
    await database.close();
  }

  /** Looks at the database, or changes it, without the program. */
  run(statement: string, file = this.file): unknown[] {
    const connection = new Sqlite(file);
    try {
      const prepared = connection.prepare(statement);
      return prepared.reader ? prepared.all() : [prepared.run().changes];
    } finally {
      connection.close();
    }
  }

  copies(): string[] {
    const folder = `${this.file}.backups`;
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }
}

async function siteWithRows(): Promise<Site> {
  const site = new Site();
  await site.start({ '0000_projects': projects });
  site.run("INSERT INTO projects VALUES ('yueping', '岳屏')");
  site.run("INSERT INTO reports (project_id) VALUES ('yueping'), ('yueping')");
  return site;
}

describe('migrating', () => {
  test('makes a new database, its folder included, without a copy of nothing', async () => {
    const site = new Site();
    await site.start({ '0000_projects': projects });
    expect(site.run('SELECT * FROM projects')).toEqual([]);
    expect(site.copies()).toEqual([]);
  });

  test('rebuilds a parent table and keeps the rows that refer to it', async () => {
    const site = await siteWithRows();
    await site.start({ '0000_projects': projects, '0001_rebuilt': rebuiltProjects });
    expect(site.run('SELECT project_id FROM reports')).toEqual([
      { project_id: 'yueping' },
      { project_id: 'yueping' },
    ]);
    expect(site.run("INSERT INTO projects VALUES ('a', NULL)")).toEqual([1]);
    expect(site.run("DELETE FROM projects WHERE id = 'yueping'")).toEqual([1]);
    expect(site.run('SELECT * FROM reports')).toEqual([]);
  });

  test('keeps a copy of what was there before', async () => {
    const site = await siteWithRows();
    await site.start({ '0000_projects': projects, '0001_rebuilt': rebuiltProjects });
    expect(site.copies()).toEqual(['20230703T010203004Z-before-0001_rebuilt.db']);
    const copy = join(`${site.file}.backups`, site.copies()[0] ?? '');
    expect(site.run('SELECT count(*) AS count FROM reports', copy)).toEqual([{ count: 2 }]);
    expect(site.run('SELECT tag FROM applied_migrations', copy)).toEqual([{ tag: '0000_projects' }]);
  });

  test('keeps the newest five copies and touches nothing else in their folder', async () => {
    const site = await siteWithRows();
    const migrations: Record<string, string> = { '0000_projects': projects };
    for (let number = 1; number <= 7; number += 1) {
      migrations[`000${number}_next`] = `CREATE TABLE t${number} (id integer)`;
      await site.start(migrations);
      writeFileSync(join(`${site.file}.backups`, 'mine.db'), 'mine');
    }
    expect(site.copies()).toEqual([
      ...[3, 4, 5, 6, 7].map((number) => `20230703T010203004Z-before-000${number}_next.db`),
      'mine.db',
    ]);
  });

  test('leaves the database as it was, and no copy, when a migration fails', async () => {
    const site = await siteWithRows();
    const failing = {
      '0000_projects': projects,
      '0001_good': 'CREATE TABLE good (id integer)',
      '0002_bad': 'DELETE FROM reports;--> statement-breakpoint\nINSERT INTO nowhere VALUES (1);',
    };
    const refusal = await rejectionOf(site.start(failing));
    expect(refusal).toMatchObject({ message: 'The migration 0002_bad failed; the database is as it was.' });
    expect(site.run('SELECT count(*) AS count FROM reports')).toEqual([{ count: 2 }]);
    expect(site.run("SELECT name FROM sqlite_schema WHERE name = 'good'")).toEqual([]);
    expect(site.copies()).toEqual([]);
    await site.start({ '0000_projects': projects });
  });

  test('refuses a migration that leaves rows which refer to nothing', async () => {
    const site = await siteWithRows();
    const refusal = await rejectionOf(
      site.start({
        '0000_projects': projects,
        '0001_orphaning': "DELETE FROM projects WHERE id = 'yueping'",
      }),
    );
    expect(String(refusal)).toContain('2 rows that refer to nothing, the first in reports to projects');
    expect(site.run('SELECT id FROM projects')).toEqual([{ id: 'yueping' }]);
  });

  test('applies a later migration even if its timestamp is older', async () => {
    const site = await siteWithRows();
    await site.start(
      { '0000_projects': projects, '0001_older': 'CREATE TABLE older (id integer)' },
      (index) => 1_700_000_000_000 - index,
    );
    expect(site.run('SELECT * FROM older')).toEqual([]);
  });

  test('refuses one that was put before others which the database has', async () => {
    const site = await siteWithRows();
    const later = { '0001_later': 'CREATE TABLE later (id integer)' };
    await site.start({ '0000_projects': projects, ...later });
    const refusal = await rejectionOf(
      site.start({
        '0000_projects': projects,
        '0001_between': 'CREATE TABLE between (id integer)',
        ...later,
      }),
    );
    expect(String(refusal)).toContain('The migration 0001_between stands before 0001_later');
  });

  test('refuses one that was changed after it had been applied, line endings aside', async () => {
    const site = await siteWithRows();
    await site.start({ '0000_projects': projects.replaceAll('\n', '\r\n') });
    const refusal = await rejectionOf(site.start({ '0000_projects': `${projects} -- changed` }));
    expect(String(refusal)).toContain('0000_projects is not the one that was applied');
  });

  test('refuses a database that is newer than the program, and says which is which', async () => {
    const site = await siteWithRows();
    await site.start({ '0000_projects': projects, '0001_newer': 'CREATE TABLE newer (id integer)' });
    const refusal = await rejectionOf(site.start({ '0000_projects': projects }));
    expect(String(refusal)).toMatch(/newer than this program.*0001_newer.*0000_projects/);
    await site.start({ '0000_projects': projects, '0001_newer': 'CREATE TABLE newer (id integer)' });
  });

  test('refuses a database of somebody else, and leaves it alone', async () => {
    const site = new Site();
    await site.start({});
    site.run('CREATE TABLE recipes (id integer)');
    const refusal = await rejectionOf(site.start({ '0000_projects': projects }));
    expect(String(refusal)).toContain('it is none of ours');
    expect(site.run('SELECT name FROM sqlite_schema')).toEqual([{ name: 'recipes' }]);
  });

  test('refuses a folder that holds a migration which the journal does not name', async () => {
    const site = new Site();
    const folder = migrationsFolder(site.folder, { '0000_projects': projects });
    writeFileSync(join(folder, '0001_lost.sql'), 'CREATE TABLE lost (id integer)');
    const refusal = await rejectionOf(openDatabase({ file: site.file, migrationsFolder: folder, clock }));
    expect(String(refusal)).toContain('0001_lost.sql is not in the journal');
    expect(existsSync(site.file)).toBe(false);
  });

  test('is done by one of two processes that start at once, and the other waits for it', async () => {
    const site = await siteWithRows();
    const slow = `CREATE TABLE numbers AS
      WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 300000) SELECT n FROM counting`;
    const folder = migrationsFolder(site.folder, { '0000_projects': projects, '0001_slow': slow });
    const outputs = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const child = spawn(process.execPath, [join(import.meta.dirname, 'opener.ts'), site.file, folder], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk;
        });
        child.stderr.on('data', (chunk: Buffer) => {
          output += chunk;
        });
        await once(child, 'close');
        return output;
      }),
    );
    expect(outputs).toEqual(['open\n', 'open\n']);
    expect(site.run('SELECT count(*) AS count FROM numbers')).toEqual([{ count: 300_000 }]);
    expect(site.copies()).toHaveLength(1);
  }, 60_000);
});

describe('readiness', () => {
  test('is lost when another program has taken the database further', async () => {
    const site = await siteWithRows();
    const database = await openDatabase({
      file: site.file,
      migrationsFolder: migrationsFolder(site.folder, { '0000_projects': projects }),
      clock,
    });
    onTestFinished(() => database.close());
    await database.ready();
    await site.start({ '0000_projects': projects, '0001_newer': 'CREATE TABLE newer (id integer)' });
    await expect(database.ready()).rejects.toThrow('newer than this program');
  });

  test('leaves nothing in the database', async () => {
    const site = await siteWithRows();
    const database = await openDatabase({
      file: site.file,
      migrationsFolder: migrationsFolder(site.folder, { '0000_projects': projects }),
      clock,
    });
    onTestFinished(() => database.close());
    await database.ready();
    const before = readFileSync(`${site.file}-wal`).length;
    await database.ready();
    expect(readFileSync(`${site.file}-wal`).length).toBe(before);
  });
});

describe('a database in memory', () => {
  test('is migrated like any other and gone when it is closed', async () => {
    const site = new Site();
    const options = {
      file: ':memory:',
      migrationsFolder: migrationsFolder(site.folder, { '0000_projects': projects }),
      clock,
    };
    const database = await openDatabase(options);
    await database.ready();
    await database.close();
    expect(existsSync(':memory:')).toBe(false);
  });
});
