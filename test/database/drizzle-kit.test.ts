import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { rejectionOf, scratchFolder } from './scratch.ts';

const drizzleKit = join(import.meta.dirname, '../../node_modules/drizzle-kit/bin.cjs');
const vocabulary = join(import.meta.dirname, '../../src/database/index.ts');
const drizzle = fileURLToPath(import.meta.resolve('drizzle-orm'));

function schema(title: string): string {
  return `
    import { sql } from '${drizzle}';
    import { defineTables, sqliteEngine } from '${vocabulary}';
    const sampleTables = defineTables((c) => {
      const projects = c.table(
        'projects',
        { id: c.text('id').primaryKey(), title: ${title}, isOpen: c.boolean('is_open').notNull().default(true) },
        (t) => [c.check('projects_title_length', sql\`length(\${t.title}) < 100\`)],
      );
      const reports = c.table(
        'reports',
        {
          sequence: c.sequence('sequence'),
          projectId: c.text('project_id').notNull().references(() => projects.id, { onDelete: 'cascade' }),
          qualifier: c.enumText('qualifier', ['exact', 'atLeast']).notNull(),
          asOf: c.date('as_of').notNull(),
          sources: c.json('sources').notNull().default([]),
        },
        (t) => [c.uniqueIndex('reports_project_as_of').on(t.projectId, t.asOf), c.enumCheck(t.qualifier)],
      );
      return { projects, reports };
    });
    export const { projects, reports } = sampleTables(sqliteEngine);`;
}

async function generate(folder: string, title: string): Promise<void> {
  writeFileSync(join(folder, 'schema.ts'), schema(title));
  const child = spawn(
    process.execPath,
    [drizzleKit, 'generate', '--dialect', 'sqlite', '--schema', './schema.ts', '--out', './migrations'],
    { cwd: folder, stdio: 'ignore' },
  );
  expect(await once(child, 'close')).toEqual([0, null]);
}

async function open(folder: string): Promise<Database> {
  const database = await openDatabase({
    file: join(folder, 'jindu.db'),
    migrationsFolder: join(folder, 'migrations'),
    clock: systemClock,
  });
  onTestFinished(() => database.close());
  return database;
}

test('what drizzle-kit generates from the tables creates them, and rebuilds a parent without losing its children', async () => {
  const folder = scratchFolder();
  await generate(folder, "c.text('title').notNull()");
  const before = await open(folder);
  await before.write(async (unit) => {
    await unit.db.run(sql`insert into projects (id, title) values ('yueping', '岳屏')`);
    await unit.db.run(
      sql`insert into reports (project_id, qualifier, as_of) values ('yueping', 'atLeast', '2023-06-30')`,
    );
  });
  await before.close();

  await generate(folder, "c.text('title')");
  const migrations = readdirSync(join(folder, 'migrations')).filter((name) => name.endsWith('.sql'));
  expect(migrations).toHaveLength(2);
  expect(readFileSync(join(folder, 'migrations', migrations[1] ?? ''), 'utf8')).toContain(
    'DROP TABLE `projects`',
  );

  const after = await open(folder);
  expect(await after.read((unit) => unit.db.all(sql`select * from projects`))).toEqual([
    { id: 'yueping', title: '岳屏', is_open: 1 },
  ]);
  expect(await after.read((unit) => unit.db.all(sql`select * from reports`))).toEqual([
    { sequence: 1, project_id: 'yueping', qualifier: 'atLeast', as_of: '2023-06-30', sources: '[]' },
  ]);
  const tooLong = '岳'.repeat(100);
  for (const statement of [
    sql`insert into projects (id, title) values ('long', ${tooLong})`,
    sql`insert into reports (project_id, qualifier, as_of) values ('yueping', 'nearly', '2023-07-31')`,
  ]) {
    const refusal = await rejectionOf(after.write((unit) => unit.db.run(statement)));
    expect(refusal).toMatchObject({ cause: { code: 'SQLITE_CONSTRAINT_CHECK' } });
  }
}, 60_000);
