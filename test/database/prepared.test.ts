import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { prepared } from '../../src/database/index.ts';
import { entryTables } from './entries.ts';
import { entryDatabase } from './scratch.ts';

function aQuery() {
  let built = 0;
  const find = prepared((db, engine) => {
    built += 1;
    const { entries } = entryTables(engine);
    return db
      .select({ name: entries.name })
      .from(entries)
      .where(eq(entries.name, sql.placeholder('name')))
      .prepare();
  });
  return { find, timesBuilt: () => built };
}

test('a prepared query is built once for reading and once for writing, however often it is run', async () => {
  const database = await entryDatabase();
  const { find, timesBuilt } = aQuery();
  for (let time = 0; time < 10; time += 1) {
    await database.read((unit) => find(unit, { name: 'a' }));
    await database.write((unit) => find(unit, { name: 'a' }));
  }
  expect(timesBuilt()).toBe(2);
});

test('a prepared query may serve several databases', async () => {
  const first = await entryDatabase();
  const second = await entryDatabase();
  const { find } = aQuery();
  await first.write(async (unit) => {
    await unit.db.insert(entryTables(unit.engine).entries).values({ name: 'a' });
  });
  expect(await first.read((unit) => find(unit, { name: 'a' }))).toEqual([{ name: 'a' }]);
  expect(await second.read((unit) => find(unit, { name: 'a' }))).toEqual([]);
});

test('a prepared query refuses to run without one of its parameters', async () => {
  const database = await entryDatabase();
  const { find } = aQuery();
  await expect(database.read((unit) => find(unit))).rejects.toThrow('name');
});
